"""Names of languages and words for months. Generated; do not edit.

Made by ``python -m tests.support.make_languages`` from the locale files of LaTeX's babel, and from CLDR.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

BABEL_NAMES: Final = (
    "english:en american:en-US usenglish:en-US british:en-GB ukenglish:en-GB canadian:en-CA australian:en-AU "
    "newzealand:en-NZ german:de ngerman:de germanb:de austrian:de-AT naustrian:de-AT swissgerman:de-CH "
    "nswissgerman:de-CH french:fr francais:fr frenchb:fr acadian:fr-CA canadien:fr-CA spanish:es italian:it "
    "portuguese:pt portuges:pt brazilian:pt-BR brazil:pt-BR dutch:nl danish:da swedish:sv norwegian:nb norsk:nb "
    "nynorsk:nn finnish:fi icelandic:is estonian:et latvian:lv lithuanian:lt polish:pl czech:cs slovak:sk "
    "slovene:sl slovenian:sl croatian:hr serbian:sr-Latn serbianc:sr-Cyrl bulgarian:bg russian:ru ukrainian:uk "
    "romanian:ro hungarian:hu magyar:hu greek:el polutonikogreek:el-polyton hebrew:he arabic:ar persian:fa "
    "farsi:fa turkish:tr japanese:ja korean:ko chinese:zh catalan:ca basque:eu galician:gl latin:la welsh:cy "
    "irish:ga scottish:gd vietnamese:vi thai:th hindi:hi marathi:mr esperanto:eo interlingua:ia breton:br "
    "albanian:sq bahasa:id indonesian:id bahasai:id indon:id bahasam:ms malay:ms melayu:ms belarusian:be "
    "macedonian:mk armenian:hy georgian:ka samin:se friulan:fur romansh:rm piedmontese:pms occitan:oc "
    "afrikaans:af uppersorbian:hsb lowersorbian:dsb usorbian:hsb lsorbian:dsb ancientgreek:grc bosnian:bs "
    "mongolian:mn azerbaijani:az kurmanji:kmr turkmen:tk aghem:agq akan:ak amharic:am assamese:as asu:asa "
    "asturian:ast basaa:bas bemba:bem bena:bez bambara:bm bangla:bn bengali:bn tibetan:bo bodo:brx chechen:ce "
    "chiga:cgg cherokee:chr sorani:ckb-Arab centralkurdish:ckb-Arab coptic:cop churchslavic:cu churchslavonic:cu "
    "taita:dav austriangerman:de-AT-1996 swisshighgerman:de-CH-1996 zarma:dje duala:dua jolafonyi:dyo dzongkha:dz "
    "embu:ebu ewe:ee polytonicgreek:el-polyton monotonicgreek:el australianenglish:en-AU canadianenglish:en-CA "
    "britishenglish:en-GB americanenglish:en-US mexican:es-MX mexicanspanish:es-MX ewondo:ewo fulah:ff "
    "filipino:fil faroese:fo canadianfrench:fr-CA swissfrench:fr-CH friulian:fur westernfrisian:fy "
    "scottishgaelic:gd gujarati:gu gusii:guz manx:gv hausa:ha-GH hawaiian:haw igbo:ig sichuanyi:ii ngomba:jgo "
    "machame:jmc kabyle:kab kamba:kam makonde:kde kabuverdianu:kea kaingang:kgp koyrachiini:khq kikuyu:ki "
    "kazakh:kk kako:kkj kalaallisut:kl kalenjin:kln khmer:km northernkurdish:kmr-Latn kannada:kn konkani:kok "
    "kashmiri:ks shambala:ksb bafia:ksf colognian:ksh cornish:kw kyrgyz:ky classiclatin:la-x-classic "
    "ecclesiasticlatin:la-x-ecclesia medievallatin:la-x-medieval langi:lag luxembourgish:lb ganda:lg lakota:lkt "
    "lingala:ln lao:lo northernluri:lrc lubakatanga:lu luo:luo luyia:luy masai:mas meru:mer morisyen:mfe "
    "malagasy:mg makhuwameetto:mgh meta:mgo malayalam:ml maltese:mt mundang:mua burmese:my mazanderani:mzn "
    "nama:naq norwegianbokmal:nb northndebele:nd nepali:ne kwasio:nmg norwegiannynorsk:nn ngiemboon:nnh nuer:nus "
    "nyankole:nyn oromo:om odia:or oriya:or ossetic:os punjabi:pa-Arab pashto:ps brazilianportuguese:pt-BR "
    "europeanportuguese:pt-PT quechua:qu rundi:rn moldavian:ro-MD rombo:rof kinyarwanda:rw rwa:rwk "
    "sanskrit:sa-Beng sakha:sah samburu:saq sangu:sbp sardinian:sc northernsami:se sena:seh koyraborosenni:ses "
    "sango:sg tachelhit:shi-Latn sinhala:si inarisami:smn shona:sn somali:so swahili:sw syriac:syr tamil:ta "
    "telugu:te teso:teo tigrinya:ti tongan:to tasawaq:twq centralatlastamazight:tzm uyghur:ug urdu:ur "
    "uzbek:uz-Arab vai:vai-Latn vietnam:vi vunjo:vun walser:wae soga:xog yangben:yav yiddish:yi yoruba:yo "
    "nheengatu:yrl cantonese:yue standardmoroccantamazight:zgh zulu:zu"
)

ISO_639_2: Final = (
    "aar:aa abk:ab adp:dz afr:af aka:ak alb:sq als:sq amh:am ara:ar arb:ar arg:an arm:hy asm:as ava:av ave:ae "
    "aym:ay ayr:ay aze:az azj:az bak:ba bam:bm baq:eu bel:be ben:bn bis:bi bod:bo bos:bs bre:br bul:bg bur:my "
    "cat:ca ces:cs cha:ch che:ce chi:zh chu:cu chv:cv cls:sa cmn:zh cor:kw cos:co cre:cr cwd:cr cym:cy cze:cs "
    "dan:da deu:de div:dv drh:mn dut:nl dzo:dz ekk:et ell:el eng:en epo:eo esk:ik est:et eus:eu ewe:ee fao:fo "
    "fas:fa fij:fj fin:fi fra:fr fre:fr fry:fy fuc:ff ful:ff gaz:om geo:ka ger:de gla:gd gle:ga glg:gl glv:gv "
    "gre:el grn:gn gug:gn guj:gu hat:ht hau:ha heb:he her:hz hin:hi hmo:ho hrv:hr hun:hu hye:hy ibo:ig ice:is "
    "ido:io iii:ii ike:iu iku:iu ile:ie ina:ia ind:id ipk:ik isl:is ita:it jav:jv jpn:ja kal:kl kan:kn kas:ks "
    "kat:ka kau:kr kaz:kk khk:mn khm:km kik:ki kin:rw kir:ky kmr:ku knc:kr kng:kg kom:kv kon:kg kor:ko kpv:kv "
    "kua:kj kur:ku lao:lo lat:la lav:lv lim:li lin:ln lit:lt ltz:lb lub:lu lug:lg lvs:lv mac:mk mah:mh mal:ml "
    "mao:mi mar:mr may:ms mkd:mk mlg:mg mlt:mt mol:ro mon:mn mri:mi msa:ms mya:my nau:na nav:nv nbl:nr nde:nd "
    "ndo:ng nep:ne nld:nl nno:nn nob:nb nor:no npi:ne nya:ny oci:oc ojg:oj oji:oj ori:or orm:om ory:or oss:os "
    "pan:pa pbu:ps per:fa pes:fa pli:pi plt:mg pol:pl por:pt prp:gu pus:ps que:qu quz:qu roh:rm ron:ro rum:ro "
    "run:rn rus:ru sag:sg san:sa scc:sr scr:hr sin:si slk:sk slo:sk slv:sl sme:se smo:sm sna:sn snd:sd som:so "
    "sot:st spa:es sqi:sq src:sc srd:sc srp:sr ssw:ss sun:su swa:sw swe:sv swh:sw tah:ty tam:ta tat:tt tel:te "
    "tgk:tg tha:th tib:bo tir:ti ton:to tsn:tn tso:ts tuk:tk tur:tr twi:ak uig:ug ukr:uk urd:ur uzb:uz uzn:uz "
    "ven:ve vie:vi vol:vo wel:cy wln:wa wol:wo xho:xh ydd:yi yid:yi yor:yo zha:za zho:zh zsm:ms zul:zu zyb:za"
)

# by month; words that mean two months in two languages are left out
MONTH_WORDS: Final = (
    (
        "ean eanáir ene enero gen gener gennaio ian ianuarie ianuarii ianuarius ion ionawr jaan jaanuar janar "
        "janeiro januar januari januarie januaro január januára janv janvier janvāris janúar led leden ledna oca "
        "ocak saus sausio sausis sij siječanj siječnja sty styczeń stycznia tammi tammikuu tammikuuta urt "
        "urtarrila xan xaneiro yan yanvar ιαν ιανουάριοσ ιανουαρίου сту студзень студзеня січ січень січня янв "
        "январь января яну януари јан јануар јануари қаң қаңтар հնվ հունվար հունվարի ינואר ינו׳ جنوری يناير "
        "ژانویه जनवरी जन॰ जाने जानेवारी জানু জানুয়ারি มกราคม იან იანვარი"
    ),
    (
        "chw chwef chwefror feabh feabhra febbraio febr febreiro febrer febrero februar februari februarie "
        "februarii februarius februaro február februára februāris febrúar fev fevereiro fevral févr février helmi "
        "helmikuu helmikuuta lut lutego luty ots otsaila shk shkurt vas vasario vasaris veebr veebruar velj "
        "veljača veljače úno únor února şub şubat φεβ φεβρουάριοσ φεβρουαρίου ақп ақпан лют лютага лютий лютого "
        "люты феб фебруар фев февр февраль февраля февруари փետրվար փետրվարի փտվ פברואר פבר׳ فبراير فروری فوریه "
        "फ़रवरी फ़र॰ फेब्रु फेब्रुवारी ফেব ফেব্রুয়ারি กุมภาพันธ์ თებ თებერვალი"
    ),
    (
        "bře březen března kov kovas kovo maalis maaliskuu maaliskuuta maart mac marca marec maret mars mart "
        "martie martii martius marto marts martxoa marzec marzo març março maw mawrth mrt márc március márta mär "
        "märts märz ožu ožujak ožujka μάρ μάρτιοσ μαρ μαρτίου бер березень березня мар март марта нау наурыз сак "
        "сакавік сакавіка մարտ մարտի մրտ מרץ مارس مارچ मार्च মার্চ มีนาคม მარ მარტი"
    ),
    (
        "abr abril aib aibreán api apirila aprel aprile aprilie aprilis aprill aprilo apríl apríla aprīlis avr "
        "avril bal balandis balandžio dub duben dubna d’abr d’abril ebr ebrill huhti huhtikuu huhtikuuta kwi "
        "kwiecień kwietnia nis nisan pri prill tra travanj travnja ápr április απρ απρίλιοσ απριλίου апр апрель "
        "апреля април квіт квітень квітня кра красавік красавіка сәу сәуір ապր ապրիլ ապրիլի אפריל אפר׳ آوریل "
        "أبريل اپریل अप्रैल एप्रि एप्रिल এপ্রি এপ্রিল เมษายน აპრ აპრილი"
    ),
    (
        "beal bealtaine geg gegužė gegužės kvě květen května mag maggio mai maiatza maig maii maijs maio maius "
        "maj maja majo mayo mayıs maí mei máj mája május svi svibanj svibnja touko toukokuu toukokuuta μάι μάιοσ "
        "μαΐ μαΐου май мам мамыр мая мај трав травень травня մայիս մայիսի մյս מאי مئی مايو พฤษภาคม მაი მაისი"
    ),
    (
        "birž birželio birželis cze czerwca czerwiec eka ekaina giu giugno haz haziran iun iunie iunii iunius iyn "
        "iyun juin junho juni junie junij junio juny juuni jún júna június júní jūn jūnijs kesä kesäkuu kesäkuuta "
        "lipanj lipnja meh mehefin meith meitheamh qer qershor xuño červen června čvn ιουν ιουνίου ιούν ιούνιοσ "
        "июн июнь июня мау маусым черв червень червня чэр чэрвень чэрвеня юни јун јуни հնս հունիս հունիսի יוני "
        "جون يونيو ژوئن जून জুন มิถุนายน ივნ ივნისი"
    ),
    (
        "gor gorff gorffennaf heinä heinäkuu heinäkuuta iul iulie iulii iulius iyl iyul iúil juil juillet julai "
        "julho juli julie julij julio juliol juuli júl júla július júlí jūl jūlijs korr korrik liep liepa liepos "
        "lipca lipiec lug luglio srpanj srpnja tem temmuz uzt uztaila xul xullo července červenec čvc ιουλ "
        "ιουλίου ιούλ ιούλιοσ июл июль июля лип липень липня ліп ліпень ліпеня шіл шілде юли јул јули հլս հուլիս "
        "հուլիսի יולי جولائی يوليو ژوئیه जुलाई जुलै जुल॰ জুল জুলাই กรกฎาคม ივლ ივლისი"
    ),
    (
        "abu abuztua ago agost agosto agu agustus août augusta augusti augusts augustus augusztus avg avgust avq "
        "avqust awst ağu ağustos aŭg aŭgusto d’ag d’agost elo elokuu elokuuta gush gusht kol kolovoz kolovoza lún "
        "lúnasa ogo ogos rugp rugpjūtis rugpjūčio sie sierpień sierpnia srpen srpna ágú ágúst αυγ αυγούστου αύγ "
        "αύγουστοσ авг август августа жні жнівень жніўня серп серпень серпня там тамыз օգոստոս օգոստոսի օգս "
        "אוגוסט אוג׳ أغسطس اوت اگست अगस्त अग॰ ऑगस्ट আগস্ট สิงหาคม აგვ აგვისტო"
    ),
    (
        "eyl eylül ira iraila medi mfómh rugs rugsėjis rugsėjo ruj rujan rujna sen sentabr sentyabr sept "
        "septembar septembra septembre septembrie septembris septembro septiembre set setembre setembro settembre "
        "sht shtator syys syyskuu syyskuuta szept szeptember wrz wrzesień września zář září σεπ σεπτέμβριοσ "
        "σεπτεμβρίου вер верасень верасня вересень вересня сент сентябрь сентября сеп септембар септември қыр "
        "қыркүйек սեպ սեպտեմբեր սեպտեմբերի ספטמבר ספט׳ سبتمبر ستمبر سپتامبر सप्टें सप्टेंबर सितंबर सित॰ সেপ সেপ্ট "
        "সেপ্টেম্বর กันยายน სექ სექტემბერი"
    ),
    (
        "dfómh d’oct d’octubre eki ekim hyd hydref loka lokakuu lokakuuta octobre octobris octombrie octubre okt "
        "oktabr oktobar oktober oktobris oktobro oktoober oktyabr október októbra ott ottobre out outubro paź "
        "październik października spal spalio spalis tet tetor urr urria říj říjen října οκτ οκτωβρίου οκτώβριοσ "
        "жовт жовтень жовтня кас кастрычнік кастрычніка окт октобар октомври октябрь октября қаз қазан հոկ "
        "հոկտեմբեր հոկտեմբերի אוקטובר אוק׳ أكتوبر اکتبر اکتوبر अक्टूबर अक्टू॰ ऑक्टो ऑक्टोबर অক্টো অক্টোবর ตุลาคม "
        "ოქტ ოქტომბერი"
    ),
    (
        "aza azaroa kas kasım lapkr lapkritis lapkričio listopadu marras marraskuu marraskuuta noiembrie novembar "
        "novembra novembre novembris novembro noviembre noy noyabr nën nëntor nóv nóvember samh samhain stu "
        "studeni studenoga tach tachwedd νοέ νοέμβριοσ νοε νοεμβρίου лист листопад листопада ліс лістапад "
        "лістапада нов новембар ное ноември нояб ноябрь ноября қар қараша նոյ նոյեմբեր նոյեմբերի נובמבר נוב׳ "
        "نوامبر نوفمبر نومبر नवंबर नव॰ नोव्हें नोव्हेंबर নভে নভেম্বর พฤศจิกายน ნოე ნოემბერი"
    ),
    (
        "abe abendua ara aralık decembar decembra decembrie decembris decembro dek dekabr des desember desembre "
        "dets detsember dez dezember dezembro dhj dhjetor dic dicembre diciembre dis disember déc décembre gru "
        "grudnia grudzień gruod gruodis gruodžio joulu joulukuu joulukuuta noll nollaig pro prosinac prosinca "
        "prosince prosinec rhag rhagfyr δεκ δεκέμβριοσ δεκεμβρίου груд грудень грудня дек декабрь декабря "
        "декември дец децембар жел желтоқсан сне снежань снежня դեկ դեկտեմբեր դեկտեմբերի דצמבר דצמ׳ دسامبر دسمبر "
        "ديسمبر डिसें डिसेंबर दिसंबर दिस॰ ডিসে ডিসেম্বর ธันวาคม დეკ დეკემბერი"
    ),
)
