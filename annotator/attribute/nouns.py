"""Nothing -> the nouns of those who can be asked: roles, bodies, documents, crowds.

All in small letters. A role is what a person does; a body is what can be asked as a
whole.
"""

from __future__ import annotations

from typing import Final

from annotator.attribute.lexicon import word_list

Gender = str
"""``m`` or ``f``."""

HONORIFICS: Final[dict[str, Gender | None]] = {
    **dict.fromkeys(
        word_list("mr sir lord king prince sheikh pope father brother"),
        "m",
    ),
    **dict.fromkeys(word_list("mrs ms miss dame lady queen princess sister"), "f"),
    **dict.fromkeys(
        word_list(
            """
            dr prof sen sens rep reps gov gen lt col maj capt sgt cpl adm brig cmdr
            rev hon amb messrs mp
            """
        )
    ),
}

ROLES: Final[dict[str, Gender | None]] = {
    **dict.fromkeys(
        word_list(
            """
            spokesman chairman congressman councilman businessman policeman
            clergyman cameraman fisherman serviceman actor father husband son
            brother uncle grandfather widower monk imam bishop archbishop patriarch
            ayatollah king prince emir sheikh rabbi man boy
            """
        ),
        "m",
    ),
    **dict.fromkeys(
        word_list(
            """
            spokeswoman chairwoman congresswoman councilwoman businesswoman
            policewoman actress mother wife daughter sister aunt grandmother widow
            nun queen princess woman girl
            """
        ),
        "f",
    ),
    **dict.fromkeys(
        word_list(
            """
            winger goalkeeper striker midfielder defender skipper coach referee
            singer novelist poet painter composer playwright filmmaker sculptor
            pianist violinist cellist chef headteacher headmaster headmistress
            provost rector vice-chancellor magistrate coroner bailiff defendant
            constable superintendent coxswain mate owner landlord tenant landlady
            consultant shepherd beekeeper duke duchess count countess baron baroness
            sultan emperor empress archdeacon deacon abbot abbess commodore
            chairholder courier campaigner academic barman boss proprietor librarian
            gardener carpenter electrician plumber climber sailor swimmer runner
            cyclist jockey rower trainer captain apprentice columnist vet
            veterinarian dentist therapist psychiatrist counsellor counselor
            surveyor actuary accountant pollster cousin nephew niece banker investor
            analyst adjutant quartermaster lifeguard firefighter activist adviser
            advisor agent aide ally ambassador analyst attorney author barrister
            blogger broker candidate captain chair chairperson chancellor chief
            clerk coach colonel columnist commander commissioner contractor
            controller coordinator correspondent councillor counsel curator dean
            defector delegate deputy detective diplomat director doctor driver
            economist editor educator employee engineer envoy executive expert
            farmer fellow fighter founder co-founder cofounder general governor head
            historian host inspector investigator journalist judge justice lawmaker
            lawyer leader lecturer legislator lieutenant liaison lobbyist major
            manager marshal mayor mediator medic member militant minister mp
            negotiator nominee nurse officer official operative opponent organiser
            organizer parliamentarian paramedic pastor philosopher photographer
            physician pilot planner politician premier president priest principal
            producer professor programmer prosecutor publisher rebel refugee
            registrar reporter representative rescuer researcher resident rapporteur
            scholar scientist secretary senator sergeant sheriff soldier solicitor
            speaker specialist spokesperson staffer strategist student
            superintendent supervisor surgeon survivor teacher technician trader
            treasurer trustee undersecretary veteran victim volunteer warden witness
            worker writer secretary-general vice-president ceo cfo chief-executive
            co-chair co-author admiral brigadier protester demonstrator neighbour
            neighbor monitor relative friend classmate colleague insider translator
            interpreter geologist hydrologist epidemiologist biologist meteorologist
            archaeologist virologist psychologist sociologist chemist physicist
            ecologist statistician toxicologist seismologist ombudsman auditorr
            baker shopkeeper pensioner vicar midwife pharmacist architect
            harbourmaster harbormaster ranger keeper steward conductor foreman
            grocer vendor passenger
            """
        )
    ),
}

ROLE_MODIFIERS: Final = word_list(
    """
    executive deputy vice prime foreign interior defence defense former acting
    assistant senior managing general chief lead first state public press military
    police army finance justice health transport trade energy education culture
    environment information national security opposition rebel government lieutenant
    brigadier major attorney special ex party police media political permanent high
    house majority minority
    """
)

FREE_ROLES: Final = word_list(
    """
    activist analyst blogger journalist resident witness rebel militant fighter
    neighbour neighbor relative friend classmate colleague insider supporter critic
    observer protester demonstrator expert specialist economist commentator doctor
    medic nurse teacher farmer student shopkeeper pensioner trader driver refugee
    survivor victim volunteer worker soldier lobbyist mother father wife husband son
    daughter brother sister uncle cousin nephew niece aunt grandfather grandmother
    man woman boy girl person passenger rescuer
    """
)
"""Roles that name nobody who could be asked, unless a body or a name stands by."""

UNNAMED: Final = word_list(
    """
    source sources many some others several few most all both one anyone everyone
    someone nobody people person persons locals insiders observers critics analysts
    experts commentators pundits supporters opponents detractors sceptics skeptics
    neighbours neighbors residents villagers townspeople witnesses eyewitnesses
    eyewitness activists sympathisers users reports rumours rumors accounts media
    those these who
    """
)

BODIES: Final = word_list(
    """
    company firm carrier retailer manufacturer operator developer shop brand embassy
    consulate parliament diocese church mosque synagogue laboratory inquiry jury
    household estate ambulance coastguard fire-service harbour prison zoo theatre
    theater orchestra choir museum ministry department army military forces force
    front party council commission committee court police agency organisation
    organization observatory union university institute institution foundation group
    groups movement brigade brigades battalion battalions coalition network centre
    center office bureau house senate congress parliament government administration
    authority authorities association federation league society club company
    corporation corp inc ltd bank fund news times post journal tribune herald
    telegraph guardian press television tv channel radio magazine newspaper paper
    watch international cross crescent nations campaign alliance embassy hospital
    school board assembly command guard guards corps navy service services division
    unit units regiment secretariat directorate state states caliphate defence
    defense website site station broadcaster monitor consortium cabinet kremlin
    pentagon opposition militia militias faction factions regime charity watchdog
    tribunal chamber republicans democrats conservatives liberals rebels insurgents
    militants prosecutors investigators lawmakers officials leaders staff
    headquarters library museum airline firm college panel mission delegation
    syndicate cooperative team laboratory clinic trust port authority inspectorate
    registry municipality province outlet daily weekly bulletin gazette courier
    chronicle mirror observer independent collective syndicate union workers
    dispatch sentinel
    """
)

COLLECTIVE: Final = word_list(
    """
    forces services authorities news times states nations headquarters republicans
    democrats police
    """
)
"""Bodies whose name is a plural."""

KINDS_OF_BODY: Final = word_list(
    """
    group agency newspaper paper magazine daily weekly channel network broadcaster
    television tv station radio website site outlet movement organisation
    organization watchdog charity monitor faction militia alliance party
    """
)
"""Nouns that, behind a body's name, only say what it is."""

DOCUMENTS: Final = word_list(
    """
    report statement study survey poll polls document documents memo memos lawsuit
    suit complaint indictment resolution letter email emails paper filing draft text
    transcript communique dossier order ruling decree tweet post message claim
    article editorial headline story book data figures records footage video
    bulletin summary review audit assessment dispatch communiqué release file files
    cable readout notice note contract bill judgment reports studies surveys
    statements minutes log logs
    """
)

NATIONS: Final = word_list(
    """
    american british russian syrian turkish french german iranian iraqi israeli
    palestinian lebanese jordanian egyptian saudi chinese japanese korean indian
    pakistani afghan ukrainian polish italian spanish greek dutch belgian swedish
    norwegian danish finnish swiss austrian canadian mexican brazilian australian
    arab kurdish european african asian western republican democratic democrat
    qatari kuwaiti emirati yemeni libyan tunisian algerian moroccan sudanese us u.s
    uk u.k un u.n eu sunni shia shiite muslim christian jewish conservative labour
    liberal former
    """
)
"""Adjectives before a role; with "us" and the like, which stand there too."""

LIKE_ROLES: Final[dict[str, frozenset[str]]] = {
    "senator": word_list("sen"),
    "congressman": word_list("rep representative"),
    "congresswoman": word_list("rep representative"),
    "lawmaker": word_list(
        "sen rep senator congressman congresswoman representative mp"
    ),
    "representative": word_list("rep congressman congresswoman"),
    "governor": word_list("gov"),
    "general": word_list("gen"),
    "colonel": word_list("col"),
    "lieutenant": word_list("lt"),
    "captain": word_list("capt"),
    "major": word_list("maj"),
    "sergeant": word_list("sgt"),
    "commander": word_list("gen general col colonel chief cmdr"),
    "officer": word_list(
        """
        col colonel lt lieutenant maj major capt captain commander gen
        """
    ),
    "professor": word_list("prof"),
    "doctor": word_list("dr"),
    "chief": word_list("head director leader commander chairman president"),
    "head": word_list("chief director leader chairman chairwoman president"),
    "director": word_list("head chief"),
    "leader": word_list(
        """
        president head chief premier chairman chairwoman minister king
        """
    ),
    "diplomat": word_list("ambassador envoy minister secretary"),
    "spokesperson": word_list("spokesman spokeswoman"),
    "spokesman": word_list("spokesperson"),
    "spokeswoman": word_list("spokesperson"),
    "premier": word_list("minister"),
    "politician": word_list("senator sen rep minister mp mayor governor president"),
    "scientist": word_list("professor researcher biologist geologist dr prof"),
    "researcher": word_list("professor scientist analyst dr prof fellow"),
    "academic": word_list("professor researcher scholar dr prof"),
    "expert": word_list("professor researcher analyst dr prof fellow specialist"),
    "judge": word_list("justice"),
    "attorney": word_list("lawyer"),
    "lawyer": word_list("attorney solicitor barrister counsel"),
    "reporter": word_list("correspondent journalist"),
    "journalist": word_list("correspondent reporter editor"),
    "physician": word_list("doctor dr"),
    "medic": word_list("doctor dr nurse paramedic"),
    "campaigner": word_list("activist"),
    "founder": word_list("co-founder cofounder"),
    "boss": word_list("chief head director executive ceo"),
    "official": word_list(
        """
        minister secretary director head chief commissioner officer mayor governor
        undersecretary deputy envoy ambassador spokesman spokeswoman
        """
    ),
}
"""What else a person may have been called who is later given this role."""

ANY_BODY: Final = word_list("group organisation organization body outfit")
"""Nouns that stand for whichever body was spoken of last."""

LIKE_BODIES: Final[dict[str, frozenset[str]]] = {
    "group": word_list("ngo armed_group"),
    "organisation": word_list("ngo intergovernmental armed_group"),
    "organization": word_list("ngo intergovernmental armed_group"),
    "body": word_list("ngo intergovernmental government"),
    "monitor": word_list("ngo"),
    "watchdog": word_list("ngo intergovernmental"),
    "charity": word_list("ngo"),
    "observatory": word_list("ngo"),
    "movement": word_list("armed_group ngo"),
    "militia": word_list("armed_group"),
    "faction": word_list("armed_group"),
    "agency": word_list("media_outlet intergovernmental government"),
    "newspaper": word_list("media_outlet"),
    "paper": word_list("media_outlet"),
    "daily": word_list("media_outlet"),
    "channel": word_list("media_outlet"),
    "network": word_list("media_outlet ngo"),
    "broadcaster": word_list("media_outlet"),
    "outlet": word_list("media_outlet"),
    "website": word_list("media_outlet"),
    "company": word_list("ngo"),
    "firm": word_list("ngo"),
    "club": word_list("ngo"),
    "union": word_list("ngo"),
    "bank": word_list("ngo government"),
    "party": word_list("ngo government"),
    "university": word_list("ngo"),
    "hospital": word_list("ngo"),
    "airline": word_list("ngo"),
    "manufacturer": word_list("ngo"),
    "operator": word_list("ngo"),
    "developer": word_list("ngo"),
    "carrier": word_list("ngo"),
    "retailer": word_list("ngo"),
    "association": word_list("ngo"),
    "foundation": word_list("ngo"),
    "institute": word_list("ngo"),
    "magazine": word_list("media_outlet"),
    "station": word_list("media_outlet"),
    "office": word_list("government intergovernmental"),
    "campaign": word_list("ngo"),
}
"""Source kinds of the bodies that a noun may stand for."""

CORRESPONDENTS: Final = word_list("correspondent reporter photographer journalist")
"""With "our" before it, the outlet's own."""

CLASSES: Final = word_list(
    """
    prosecutors investigators police republicans democrats rebels insurgents
    militants authorities lawmakers rescuers opposition government regime
    """
)
"""Crowds that can be asked as a body."""

VAGUE: Final = word_list(
    """
    senior top high high-ranking ranking local former current unnamed anonymous
    unidentified security informed other certain official officials
    """
)
"""Words that say nothing of where an official sits."""

LOOSE_BODIES: Final = word_list(
    """
    opposition rebels militants insurgents group groups media
    """
)
"""Bodies too loose to be asked who their officials are."""

OF_BODIES: Final = word_list("lt deputy vice assistant acting former ex")
"""Words that make another office of one."""
