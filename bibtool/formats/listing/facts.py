"""Small frozen tables of facts about names and words, for telling a title from the name glued to it.

Origin: general knowledge, written down by hand for this module; the syllables are those of Hanyu Pinyin (ISO 7098) and
of the Revised Romanization of Korean with its usual variants. No table was read off a bibliography. They only weigh
in where the letters alone leave two readings open: a name that is missing here is still a name.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# frequent given names, lower case, without accents
GIVEN_NAMES: Final = _words(
    """
    aaron abdul abdullah abhishek abigail abraham adam adel aditya adrian adriana agnes ahmad ahmed aidan aiko ajay
    akash akihiro akiko akira alain alan albert alberto alejandro aleksandar aleksandr alessandra alessandro alex
    alexander alexandra alexandre alexandros alexei alexis alfonso alfred alfredo ali alice alicia alina alison allan
    allen alon alvaro amanda amandine amar ameer amelia amin amir amit amy ana anand anastasia anders andre andrea
    andreas andrei andrej andres andrew andrey andrzej andy angel angela angelika angelo anil anita anja anke ankit
    ankur ann anna anne annette annika anselm anthony antoine anton antonella antonia antonio antonios anurag
    apostolos
    arash archana ariel arjun arkadiusz armin arnaud arne arno arnold arthur artur arun arvind asaf ashish ashok asif
    asma atsushi audrey august augusto aurelie avi axel ayman ayse aziz babak barbara barry bart bartosz bas bastian
    beatrice beatriz ben benedikt benjamin benoit bernard bernd bernhard bert bertrand beth betty bharat bianca bilal
    bill birgit bjorn bob bogdan boris brad bradley brandon brenda brendan brett brian bruce bruno bryan burkhard
    caleb camille carla carlo carlos carmen carol carolina caroline carsten caterina catherine cathy cecile cecilia
    celine cesar chad chandan chandra charalampos charles charlotte chen cheng chiara chris christel christian
    christiane christina christine christof christoph christophe christopher chuan chun cindy claire clara clark
    claude claudia claudio clement colin connor conor constantin constantinos corey corinna cory craig cristian
    cristiano cristina cristobal curtis cynthia cyril dag dale damian damien damir dan dana daniel daniela daniele
    danilo danny dario darren dave david davide dawn dean deborah debora deepak delphine denis denise dennis derek
    devi diana didier diego dieter dietmar dilip dimitri dimitrios dimitris dina dinesh dirk divya dmitri dmitrii
    dmitry domenico dominic dominik dominique don donald dong donna doris dorothea doug douglas duncan dustin dylan
    earl eddie edgar edith edmund eduard eduardo edward edwin efstathios ehsan eileen ekaterina elad eleanor elena
    eleni elham eli elias elisa elisabeth elizabeth ellen ellis elsa elvira emad emanuel emanuele emil emilie emilio
    emily emma emmanuel enrico enrique eric erica erich erik erika erin ernest ernesto ernst erwin esther ethan eugene
    eugenio eun eunice eva evan evangelos evelyn evgeny ewa eyal fabian fabiano fabien fabio fabrice fabrizio fadi
    faisal fan fang farhad farid farzad fatemeh fatih fatima fatma federica federico felipe felix feng ferdinand
    fernanda fernando filip filippo fiona florence florent florentin florian francesca francesco francis francisco
    franck francois francoise frank franz fred frederic frederick frederik friedrich fritz fumiko gabor gabriel
    gabriela gabriele gabriella gael gang ganesh gareth gary gaurav gautam gavin geert gennaro geoff geoffrey georg
    george georges georgia georgios gerald gerard gerardo gerd gerhard gerrit ghassan giacomo giancarlo gianluca
    gianni gil gilad gilbert gilles gino giorgio giovanna giovanni girish giulia giuliano giulio giuseppe glen glenn
    gloria gonzalo gopal gordon graham grant greg gregor gregory greta grzegorz guangming guido guilherme guillaume
    guillermo gunnar gunter guo guowei gustav gustavo guy hadi hai hamed hamid hamza han hanna hannah hannes hannu
    hans hao harald hari harish harold harry harsh hartmut haruka hasan hassan heather hector heidi heike heiko
    heinrich
    heinz helen helena helene helge helmut hendrik henk henning henri henrik henrique henry herbert herman hermann
    herve hideaki hideki hidetoshi hideyuki hilary himanshu hiroaki hiroki hiroko hiromi hiroshi hiroyuki hisashi
    holger hong horst houda howard hsiao hua huan huang hubert hugh hugo hui humberto hussain hussein hyun ian ibrahim
    ida ignacio igor ilan ilaria ilias ilya imran ina indranil ines inga ingo ingrid irena irene irina iris irving
    isaac isabel isabella isabelle ismail israel issa itai itamar ivan ivana ivo jaap jack jackie jackson jacob
    jacopo jacqueline jacques jae jaime jakob jakub jamal james jamie jan jana jane janet janine janne janos jared
    jarek jaroslav jason javier jay jean jeff jeffrey jelena jen jennifer jenny jens jeong jeremy jeroen jerome jerry
    jesper jesse jessica jesus jia jian jiang jie jill jim jimmy jin jing jinho jiri jiro joachim joan joana joanna
    joanne joao joaquin jochen joe joel joerg johan johann johanna johannes john johnny jon jonas jonathan jong
    jordan jordi jorg jorge jose josef josep joseph josh joshua jost joy joyce juan juanita judit judith judy juergen
    juha jukka jules julia julian juliana julie julien juliette julio julius jun jung junichi juri jurgen justin
    justine
    jyoti kai kalyan kamal kang kapil karen karim karin karina karl karla karol karsten karthik katarina katarzyna
    kate
    katerina katharina katherine kathleen kathrin kathryn kathy katja katrin kaushik kavita kay kazuhiko kazuhiro
    kazuki
    kazuo kazuya kei keiichi keiji keiko keith kelly ken kengo kenichi kenji kenneth kenny kenta kerstin kevin khaled
    khalid kim kimberly kiran kirsten kirsti klaus koichi koji konrad konstantin konstantinos kota kris krishna
    kristen
    kristian kristin kristina kristof krzysztof kumar kun kurt kwang kyle kyung lakshmi lana lance larry lars laszlo
    laura laure laurence laurent lauren lawrence lea leandro lee leif lena leo leon leonard leonardo leonid leonidas
    leslie lev lewis lex li liam liang lili lilian liliana lin lina linda ling lior lisa liu livia liz lloyd lori
    lorenz
    lorenzo lothar louis louise loic luc luca lucas lucia luciano lucie lucy ludovic ludwig luigi luis luisa luiz
    lukas
    lukasz luke lutz lydia lynn maarten maciej madhu magdalena magnus mahdi mahesh mahmoud maja majid makoto malcolm
    malik manfred manish manoj manuel manuela mara marc marcel marcello marcelo marcin marco marcos marcus mareike
    margaret margarida margherita maria mariana marianne mariano marie marija marina mario marion marisa marius mark
    markku marko markus marlene marta martha martial martin martina martine marvin mary maryam masaaki masahiro masaki
    masanori masao masaru masashi masato mateo mateusz mathew mathias mathieu mathilde matt matteo matthew matthias
    matthieu matti maurice mauricio maurizio mauro max maxim maxime maximilian maya megan mehdi mehmet mei meike
    melanie
    melissa meng michael michaela michal michalis michel michela michele michelle michiel miguel mihai mika mikael
    mike
    mikhail miklos milan milena milica milos min ming minh miriam mirko miroslav mitsuo miyuki mladen moez mohamad
    mohamed mohammad mohammed mohan mohit mohsen mona monica monika morten moshe muhammad mukesh munish murali murat
    mustafa myung nadia nadine nael nan nancy naoki naoko naoto naoya narendra nasir natalia natalie natasha nathalie
    nathan nathaniel naveen navid neal neeraj neha neil nelson nicholas nick nico nicola nicolas nicole nicoletta
    niels
    nihar nikhil niki nikita niklas nikola nikolai nikolaos nikolaus nikolay nikos nils nina ning niraj nitin noah
    noam
    noel nora norbert noriko norman nuno octavio ofer oleg olga oliver olivia olivier olof omar omer omid omri oriol
    oscar
    osama osamu osman otto owen pablo padma pamela panagiotis panos paola paolo pascal pat patrice patricia patricio
    patrick paul paula paulo pavel pawel pedro peng per peter petr petra petros phil philip philipp philippe phillip
    pier piero pierre pieter pierluigi pietro ping piotr prabhat pradeep prakash pranav prasad prashant pratik praveen
    priya priyanka przemyslaw qi qian qiang qing quentin quoc rachel radu rafael rafal raffaele raghu rahul rainer raj
    raja rajat rajeev rajesh rajiv raju rakesh ralf ralph ram rama raman ramesh rami ramin ramon randall randy ran
    rania
    raphael rasmus raul ravi ray raymond rebecca regina reinhard reiner remi ren rene renata renate renato renaud
    reuven
    reza ricardo riccardo richard rick rita ritu rob robert roberta roberto robin rodney rodolfo rodrigo roger rohan
    rohit roi roland rolf roman romain ron ronald ronan rong ronny rory rosa rosalind rose ross roxana roy ruben rudi
    rudolf rui rupert russell ruth ryan ryo ryosuke ryota saad sabine sabrina sachin sadegh saeed said sajid sakshi
    salman salvador salvatore sam samantha sameer sami samir samuel sandeep sandra sandro sang sangeeta sanjay sanjeev
    santiago santosh sara sarah sarit sascha satoru satoshi satya saurabh scott sean sebastian sebastien sergei sergey
    sergio seung shai shankar shannon shaun shaul shawn sheila sheng shigeo shih shin shinichi shinji shirley shiva
    shlomo shreya shu shuai shuang shuo shuhei sibel siddharth sigrid silke silvana silvia simon simona simone sofia
    soheil solomon son song sonia sonja sophia sophie soren soumya spyros sridhar srikanth srinivas stacy stan
    stanislav stavros stefan stefania stefanie stefano steffen stella sten stephan stephane stephanie stephen steve
    steven stewart stijn stuart subhash sudhir sujit sumit sun sung sunil suresh susan susana susanna susanne suzanne
    svein sven svetlana swati sylvain sylvia sylvie tadashi tae taesoo takahiro takao takashi takayuki takeo takeshi
    takuya tal tamar tamara tamas tania tanja tanya tao tara tariq tatiana tatsuya ted terence teresa terry tetsuo
    tetsuya theo theodor theodore theodoros theresa thiago thibault thierry thilo thomas thorsten tianyi tien tiago
    till
    tim timo timothy tina ting tobias todd tom tomas tomasz tomer tomi tomoko tong toni tony torben toru toshio tracy
    travis trevor tristan tsung tuan tyler ugo uli ulf ulla ulrich ulrike umberto umesh urs ursula usman uwe vadim
    vaclav valentin valentina valeria valerie vanessa vasco vasileios vasilis venkat venkata vera vernon veronica
    veronika victor victoria vignesh vijay vikas vikram viktor vincent vincenzo vinay vineet vinod violeta virginia
    vishal vitaly vito vittorio vivek vivian vlad vladimir vojtech volker volkmar wahid wai walter wanda wang ward
    warren wei wen wendy werner wilfried wilhelm will willem william wilson winfried wojciech wolf wolfgang xavier xi
    xia xian xiang xiao xiaodong xiaofei xiaohui xiaoli xiaoming xiaoyan xin xing xiong xu xuan xue yan yang yann
    yannick
    yannis yao yariv yasmin yasuhiro yasuo yassine yehuda yi yigal yifan yin ying yizhou yoav yohei yoichi yoko
    yolanda
    yong yongjun yoon yorgos yosef yoshihiro yoshiki yoshio yossi youcef young youssef yu yuan yue yuichi yuji yuki
    yukio yun yuri yusuke yusuf yutaka yuval yves yvonne zachary zahra zdenek zeev zhang zhao zhen zheng zhi zhong
    zhou
    zhu zoe zoltan zoran zuzana
    """
)

_PINYIN: Final = {
    "": "a ai an ang ao e ei en er o ou yi ya yan yang yao ye yin ying yo yong you yu yuan yue yun wa wai wan wang wei "
    "wen weng wo wu",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo ue",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo ue v",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
}

# syllables of Chinese and Korean given names, which some people write as one word with a capital each (XiaoFeng)
SYLLABLES: Final = frozenset(
    initial + final for initial, finals in _PINYIN.items() for final in finals.split()
) | _words(
    """
    ae ahn bae beom bin bok bum byeong byung chae chan cheol cheon chil choi choon chul chun chung dae deok do dong
    doo
    duk eon eui eun eung gap geon geun gi gil goo gu gun gwan gwang gyeong gyu gyun gyung ha hae han hang hee heon
    heui
    ho hong hoo hoon hun hwa hwan hwang hye hyeok hyeon hyeong hyo hyuk hyun hyung ik il im in ja jae jang je jee
    jeong
    ji jih jin jo jong joo joon ju juk jun jung kang ki kil kon koo kook ku kun kwan kwang kwon kyeong kyo kyoung kyu
    kyun kyung kyo lim min mo moo moon mu mun myeong myong myoung myung na nak nam no oh ok pil rae ran ri ryeol ryong
    sam
    san sang seo seob seok seol seon seong seung shik shim shin si sik sin so sol son sook soo soon sub suk sun sung
    tae
    taek ui uk un ung wan whan won woo wook woon ye yeo yeol yeon yeong yeop yol yong yoo yoon young yul yung
    """
)

# beginnings of one word with a capital inside (McKenzie, DeShawn, LaTanya, D'Arcy)
INNER_PREFIXES: Final = _words("mc mac de di da du del della la le lo van von fitz ja ka sha o'")

# words in lower case that may open a name or occur inside one
PARTICLES: Final = _words(
    """
    af al al- ap av bar ben bin bint d' da dal dalla dalle das de degli dei del dela della delle delli dello den der
    des
    di do dos du e el el- ibn in la las le les lo los nic op san st te ten ter 't till tot v. van vande vanden vander
    vom von vor y zu zum zur
    """
)

# the particles that do open a name often enough to be looked for at the end of a word
OPENING_PARTICLES: Final = (
    "van von der den ten ter del della dalla de di da du dos dal des el al la le bin ibn vom zur zu af av"
).split()

# those of them in which many words end (mod-el, gard-en, mo-de): weak signs
WORD_ENDINGS: Final = _words("al del de den der des di da do du dos el la le ten ter af av bin")

# particles that come before another one (van der, de la)
FIRST_OF_TWO: Final = ("van", "von", "de", "op", "in")

# words of a sentence or title that are never part of a personal name
FUNCTION_WORDS: Final = _words(
    """
    a about across after against among an and are as at based be before behind being between beyond but by can could
    does during each for from has have how if into is it its made more most much near not of off on onto or our out
    over
    per should since so such than that the their them then there these they this those through to toward towards under
    until up upon using versus via vs vs. was we were what when where which while who whose why will with within
    without
    you your
    """
)

# short words that do end titles
SHORT_ENDINGS: Final = _words("ad ai am an as at be by do go he if in is it me my no of off on or out so to up us we")

# given names that are nearly always written short
SHORTENED: Final = _words("Md. Mohd. Mst. Muh. Abd. St. Ste. Chr. Th. Wm. Fr. Ph. Jos. Geo.")

# capital pairs that people use as a first name or as initials without full stops
CAPITAL_PAIRS: Final = _words(
    """AJ AK BJ CJ CS DJ DK EJ GS JB JC JD JH JJ JK JM JP JT KC KK KP KS KV MD MJ ML MR PJ PK RJ RK RS SK SM TJ TK TR
    VK"""
)

# well-known words with a capital inside, in the spelling of their owners
MIXED_WORDS: Final = _words(
    """
    AdaBoost AlexNet AlphaFold AlphaGo AlphaZero AutoCAD AutoML AutoEncoder BitTorrent BioBERT CamemBERT ChatGPT
    CityGML
    CoAP CoMP CycleGAN DBpedia DeepFake DeepFakes DeepMind DenseNet EfficientNet eBay eHealth eLearning
    FaceNet FedAvg FlexRay GaN GaAs GeoGebra GitHub GitLab GoLang GPUs HoloLens HuBERT HyperCard ImageNet InfiniBand
    IoE IoMT IoT IoTs IoV iOS iPad iPhone JavaScript JavaCard JPEG2000 KiCad LaTeX LeNet LiDAR LiFi LinkedIn LoRa
    LoRaWAN
    MacOS MapReduce MathML MiniZinc mHealth mmWave MobileNet MongoDB MoE MoS MySpace MySQL NeRF NeurIPS NoC NoCs NoSQL
    OpenACC OpenAI OpenCL OpenCV OpenFlow OpenFOAM OpenGL OpenMP OpenStack OpenStreetMap PageRank PayPal PhD PhysioNet
    PostgreSQL PowerPC PowerPoint PubMed PySpark PyTorch QoE QoS QuickCheck ResNet ResNets RoBERTa SciPy SemEval
    SensorML SiC SiGe SiP SmartGrid SoC SoCs SourceForge SpaceWire SparkSQL SqueezeNet StarCraft StyleGAN SysML
    SystemC TensorFlow TeX TikTok TinyML TinyOS UNet VoIP VoxCeleb WaveNet WebAssembly WebGL WebRTC WeChat
    WhatsApp WiFi WiMAX WikiData WordNet WordPress XQuery YouTube ZigBee zkSNARK zkSNARKs
    """
)
