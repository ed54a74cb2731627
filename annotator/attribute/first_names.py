"""Nothing -> first names whose bearers are nearly always men, or women.

Short on purpose: names of the news in English, and of the Arabic, Turkish, Persian,
Kurdish, Hebrew, Slavic and West European people in it. Names that both bear (Alex,
Nour, Jordan, Kim) are left out: an unknown gender fits every pronoun. Complete
tables exist only under licences that bind this package (gender-guesser is GPL-3).
"""

from __future__ import annotations

from typing import Final

from annotator.attribute.lexicon import word_list

MEN: Final = word_list(
    """
    aaron abbas abdallah abdel abdul abdulaziz abdullah abdulrahman abraham adam
    adel adnan adrian ahmad ahmed akram alaa alan albert alejandro aleksandr
    alexander alexei alfred ali amin amir ammar anas anders andre andreas andrei
    andrew angus anthony antoine anton antonio antony anwar arthur ashraf ayman aziz
    barack basel bashar bassam bassel benjamin bernard bernie bilal bill boris brad
    brendan brett brian bruce bruno burak carl carlos cemal charles chris christian
    christoph christopher chuck craig cyril daniel darren dave david dean denis
    dennis devin dmitri dmitry dominic don donald doug douglas dwight edmund eduardo
    edward edwin elias elijah elliott emad emeka emmanuel enrique eric ernest ethan
    eugene evan fabrice fadel fadi fahad faisal farid farouk felix femi ferdinand
    fernando fouad francesco francis francisco francois frank franz françois fred
    frederick fyodor gabriel gareth gary gavin gennady geoff geoffrey george gerald
    gerard giorgio giovanni giuseppe glenn gordon graham greg gregory guillermo
    gustav guy habib hafez haider haitham hakan hamad hamid hamza hans harold harry
    harvey hasan hassan hector heiko henri henry herbert hisham horst howard hugh
    hugo hussain hussein ian ibrahim igor ilya imad imran isaac ismail ivan jack
    jacob jacques jake jamal james jared jason jawad jay jean jeff jeffrey jens
    jeremy jerome jerry jesse jim jimmy joachim joaquin joe joel johan johann john
    johnny jon jonas jonathan jorge jose josef joseph josh joshua josé juan julian
    julio justin jürgen kamal kareem karim karl keith kemal kenneth kevin khaled
    khalid khalil kirill klaus konstantin kurt kyle larry lars laurent lawrence leo
    leon leonard leonid liam lionel louis luca lucas luis luke mahdi maher mahmoud
    mahmud mamun manuel marc marcel marco mario mark marko markus martin marwan matt
    matteo matthew matthias maurice max maxim mazen mehmet michael michel miguel
    mike mikhail milan mitch mitt mohamad mohamed mohammad mohammed mohsen mounir
    muhammad murat musa mustafa nabil nadim naji nasser nathan nawaf nicholas nick
    nicolas nigel nikita nikolai nizar noah norman numan olaf oleg oliver omar orhan
    osama oscar oskar otto owen pablo patrick paul pavel pedro pete peter philip
    philippe phillip pierre pieter qasem qassem rafael rafik rahm ralph rami ramzan
    randy rashad rashid raul raymond recep reza riad richard rick riyad rob robert
    roberto rodney rodrigo roger roland roman ron ronald rory roy rudolf rudolph
    rudy rupert russell ryan saad sadiq saeed salah saleh salem salim salman sam
    sami samuel saud saul scott sean sebastian selim serge sergei sergey sergio seth
    seymour shane sharif shaun simon solomon staffan stanislav stefan stephane
    stephen steve steven stewart stuart sulaiman suleiman sultan svante tahir talal
    tamer tarek tareq tariq ted terrence terry theodore thomas tim timothy toby todd
    tom tommy tony tyler umar vasily victor viktor vincent vitaly vlad vladimir
    vladislav walid walter warren wayne wilhelm william wolfgang yahya yasin yasser
    yevgeny yitzhak yossi yousef youssef yuri yusuf yves zahran zaid zakaria zayed
    zeid ziad ziyad
    """
)

WOMEN: Final = word_list(
    """
    abigail adele agnes aisha alexandra alice alicia alina alison amal amanda amber
    amelia amina amy ana anastasia andrea angela anita ann anna anne annette annie
    antonia asma astrid ayesha ayse ayşe barbara beatrice becky bella bernadette
    beth betsy betty beverly birgit brenda bridget brigitte brooke camilla candice
    carla carmen carol carolina caroline carolyn carrie catherine cathy cecilia
    celine charlotte cheryl chloe christina christine cindy claire clara claudia
    colleen constance courtney cristina cynthia daphne daria dawn deborah debra
    defne delphine denise diana diane dilek dina dolores donna doris dorothy ebru
    eileen elaine eleanor elena elif elisabeth elise elizabeth ella ellen emily
    emine emma erica erin esra esther eugenia eva eve evelyn fadwa faith farah
    fatema fatima fatma federica felicity fiona florence frances francesca gabriela
    gabrielle gail geraldine gina giulia gloria grace greta gretchen gwen hala hanan
    hanna hannah hatice heather heidi helen helena helene hilary hillary hind huda
    ilhan ingrid irene irina iris isabel isabella isabelle ivanka jacqueline jamila
    jane janet janice jenna jennifer jenny jessica jill joan joanna joanne josephine
    joyce juanita judith judy julia juliana julie karen karin karine karla kate
    katharina katherine kathleen kathryn kathy katie katrina kayla kellyanne khadija
    kirsten kristen kristin kristina kyrsten laila lara latifa laura lauren layla
    leila lena leyla lina linda lisa liz lois lorraine louise lucia lucy luisa lydia
    lynn madeleine madison maggie maha malala manal mara margaret margot maria
    mariam marianne marie marilyn marina marine marion marissa marta martha mary
    maryam maureen megan melania melanie melinda melissa mercedes merve meryem mia
    michaela michele michelle mina miranda miriam molly mona monica monika mouna
    muna nabila nada nadia nancy naomi natalia natalie natasha nawal nicola nicole
    nikki nina nora norah olga olivia oya pamela patricia patty paula pauline peggy
    penelope penny phyllis polly rachel rana rania rasha rawan raya rebecca regina
    rhonda rima rita roberta rosa rosalind rose rosemary roxanne ruba ruth sabine
    sabrina sally salma samantha samira sandra sara sarah selma serena sevgi sharon
    sheila shelley shirin shirley sibel silvia simone sofia sonia sophia sophie
    stacey stella stephanie suad sue suha sultana susan susana susanne suzanne
    svetlana sylvia tamara tania tara tatiana tatyana teresa theresa tiffany tina
    tracy tulsi ursula valentina valerie vanessa vera veronica vicky victoria viola
    violet virginia vivian wafa wanda wendy yasmin yasmine yelena yulia yvonne zahra
    zainab zehra zeinab zeynep zoe
    """
)
