"""Nothing -> the nouns of those who can be asked: roles, bodies, documents, crowds.

All in small letters. A role is what a person does; a body is what can be asked as a
whole.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


Gender = str
"""``m`` or ``f``."""

HONORIFICS: Final[dict[str, Gender | None]] = {
    **dict.fromkeys(
        _words("mr sir lord king prince sheikh pope father brother"),
        "m",
    ),
    **dict.fromkeys(_words("mrs ms miss dame lady queen princess sister"), "f"),
    **dict.fromkeys(
        _words(
            """
            dr prof sen sens rep reps gov gen lt col maj capt sgt cpl adm brig cmdr
            rev hon amb messrs mp
            """
        )
    ),
}

ROLES: Final[dict[str, Gender | None]] = {
    **dict.fromkeys(
        _words(
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
        _words(
            """
            spokeswoman chairwoman congresswoman councilwoman businesswoman
            policewoman actress mother wife daughter sister aunt grandmother widow
            nun queen princess woman girl
            """
        ),
        "f",
    ),
    **dict.fromkeys(
        _words(
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

ROLE_MODIFIERS: Final = _words(
    """
    executive deputy vice prime foreign interior defence defense former acting
    assistant senior managing general chief lead first state public press military
    police army finance justice health transport trade energy education culture
    environment information national security opposition rebel government lieutenant
    brigadier major attorney special ex party police media political permanent high
    house majority minority
    """
)

FREE_ROLES: Final = _words(
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

UNNAMED: Final = _words(
    """
    source sources many some others several few most all both one anyone everyone
    someone nobody people person persons locals insiders observers critics analysts
    experts commentators pundits supporters opponents detractors sceptics skeptics
    neighbours neighbors residents villagers townspeople witnesses eyewitnesses
    eyewitness activists sympathisers users reports rumours rumors accounts media
    those these who
    """
)

BODIES: Final = _words(
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

COLLECTIVE: Final = _words(
    """
    forces services authorities news times states nations headquarters republicans
    democrats police
    """
)
"""Bodies whose name is a plural."""

KINDS_OF_BODY: Final = _words(
    """
    group agency newspaper paper magazine daily weekly channel network broadcaster
    television tv station radio website site outlet movement organisation
    organization watchdog charity monitor faction militia alliance party
    """
)
"""Nouns that, behind a body's name, only say what it is."""

DOCUMENTS: Final = _words(
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

NATIONS: Final = _words(
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
    "senator": _words("sen"),
    "congressman": _words("rep representative"),
    "congresswoman": _words("rep representative"),
    "lawmaker": _words("sen rep senator congressman congresswoman representative mp"),
    "representative": _words("rep congressman congresswoman"),
    "governor": _words("gov"),
    "general": _words("gen"),
    "colonel": _words("col"),
    "lieutenant": _words("lt"),
    "captain": _words("capt"),
    "major": _words("maj"),
    "sergeant": _words("sgt"),
    "commander": _words("gen general col colonel chief cmdr"),
    "officer": _words(
        """
        col colonel lt lieutenant maj major capt captain commander gen
        """
    ),
    "professor": _words("prof"),
    "doctor": _words("dr"),
    "chief": _words("head director leader commander chairman president"),
    "head": _words("chief director leader chairman chairwoman president"),
    "director": _words("head chief"),
    "leader": _words(
        """
        president head chief premier chairman chairwoman minister king
        """
    ),
    "diplomat": _words("ambassador envoy minister secretary"),
    "spokesperson": _words("spokesman spokeswoman"),
    "spokesman": _words("spokesperson"),
    "spokeswoman": _words("spokesperson"),
    "premier": _words("minister"),
    "politician": _words("senator sen rep minister mp mayor governor president"),
    "scientist": _words("professor researcher biologist geologist dr prof"),
    "researcher": _words("professor scientist analyst dr prof fellow"),
    "academic": _words("professor researcher scholar dr prof"),
    "expert": _words("professor researcher analyst dr prof fellow specialist"),
    "judge": _words("justice"),
    "attorney": _words("lawyer"),
    "lawyer": _words("attorney solicitor barrister counsel"),
    "reporter": _words("correspondent journalist"),
    "journalist": _words("correspondent reporter editor"),
    "physician": _words("doctor dr"),
    "medic": _words("doctor dr nurse paramedic"),
    "campaigner": _words("activist"),
    "founder": _words("co-founder cofounder"),
    "boss": _words("chief head director executive ceo"),
    "official": _words(
        """
        minister secretary director head chief commissioner officer mayor governor
        undersecretary deputy envoy ambassador spokesman spokeswoman
        """
    ),
}
"""What else a person may have been called who is later given this role."""

ANY_BODY: Final = _words("group organisation organization body outfit")
"""Nouns that stand for whichever body was spoken of last."""

LIKE_BODIES: Final[dict[str, frozenset[str]]] = {
    "group": _words("ngo armed_group"),
    "organisation": _words("ngo intergovernmental armed_group"),
    "organization": _words("ngo intergovernmental armed_group"),
    "body": _words("ngo intergovernmental government"),
    "monitor": _words("ngo"),
    "watchdog": _words("ngo intergovernmental"),
    "charity": _words("ngo"),
    "observatory": _words("ngo"),
    "movement": _words("armed_group ngo"),
    "militia": _words("armed_group"),
    "faction": _words("armed_group"),
    "agency": _words("media_outlet intergovernmental government"),
    "newspaper": _words("media_outlet"),
    "paper": _words("media_outlet"),
    "daily": _words("media_outlet"),
    "channel": _words("media_outlet"),
    "network": _words("media_outlet ngo"),
    "broadcaster": _words("media_outlet"),
    "outlet": _words("media_outlet"),
    "website": _words("media_outlet"),
    "company": _words("ngo"),
    "firm": _words("ngo"),
    "club": _words("ngo"),
    "union": _words("ngo"),
    "bank": _words("ngo government"),
    "party": _words("ngo government"),
    "university": _words("ngo"),
    "hospital": _words("ngo"),
    "airline": _words("ngo"),
    "manufacturer": _words("ngo"),
    "operator": _words("ngo"),
    "developer": _words("ngo"),
    "carrier": _words("ngo"),
    "retailer": _words("ngo"),
    "association": _words("ngo"),
    "foundation": _words("ngo"),
    "institute": _words("ngo"),
    "magazine": _words("media_outlet"),
    "station": _words("media_outlet"),
    "office": _words("government intergovernmental"),
    "campaign": _words("ngo"),
}
"""Source kinds of the bodies that a noun may stand for."""

CORRESPONDENTS: Final = _words("correspondent reporter photographer journalist")
"""With "our" before it, the outlet's own."""

CLASSES: Final = _words(
    """
    prosecutors investigators police republicans democrats rebels insurgents
    militants authorities lawmakers rescuers opposition government regime
    """
)
"""Crowds that can be asked as a body."""

VAGUE: Final = _words(
    """
    senior top high high-ranking ranking local former current unnamed anonymous
    unidentified security informed other certain official officials
    """
)
"""Words that say nothing of where an official sits."""

LOOSE_BODIES: Final = _words(
    """
    opposition rebels militants insurgents group groups media
    """
)
"""Bodies too loose to be asked who their officials are."""

OF_BODIES: Final = _words("lt deputy vice assistant acting former ex")
"""Words that make another office of one."""
