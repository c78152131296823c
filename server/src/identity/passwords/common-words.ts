/**
 * Words that people make passwords of, in several languages: what lists of leaked passwords hold most, without their digits and signs.
 * Passwords made of one or two of them are refused, however they are dressed up.
 */
export const commonWords: readonly string[] = `
abc abcd abcde abcdef abcdefg abcdefgh access acdc admin administrador administrateur administrator africa agent agents ahmed airforce airplane ajax aladdin alaska alex alexander alexandra alexandre
alien alive allah always amanda amazing amber amen america amigos amo amor amour amsterdam and anderson andrea andrew android angel angela angels angry ankara anna anne annie anthony antonio anything
aout apollo apple apples april aragorn are argentina ariel army arsenal arthur asdf asdfgh asdfghjkl ashley assassin asshole athena athens atlanta auckland audi august austin australia austria auto
autumn avatar avengers avril awesome azerty azul babe baby babyboy babygirl bacon bad balboa banana bangalore bangkok bank barbara barbie barca barcelona barney bart baseball basketball bastard batman
bayern beach bear bears beatles beautiful becker beckham bed beer beijing belgium believe benfica benjamin benvenuto benz berlin bernard besiktas best bestfriend better beyonce bible bicycle bieber
bienvenido bienvenidos bienvenue big bigboss bigboy biggie bike bin bird birds birmingham biscuit bismillah bitch bitches bitcoin black blanc blanco blau bless blessed blessing bleu blink blood bloody
blue blueberry bmw boat bobmarley boca bogota bomb bones bonjour boobs borussia boss boston boxing boy boyfriend boys brandon brasil brave braveheart brazil bread brian bridge brisbane britain britney
broncos brother brown brownie bruce bruins brussels bryant bubble bubblegum bubbles buckeyes budapest buddha buenosaires bugatti bulldog bulldogs bulls bullshit bunny burger burn business butter
butterfly cairo california callofduty camaro camelot canada candy canucks captain car caramel carlos caroline carrot cartman casa cash casino castle cat catherine cats cellphone celtic celtics centos
chair challenge champion champions chance change changeit changeme charger chargers charles charlie charlotte charm charming chat chatwoot cheese chelsea chen cherry chevrolet chevy chicago chicken
chief chiefs child children china chloe chocolate chosen chris christ christian christina christine christopher church cinderella cinnamon cisco city class claudia clever clover cocacola cock coconut
coeur coffee coke cold coldplay college colombia colonel colts commander company computer contrasena contraseña cookie cool coolguy corazon corinthians corleone corvette cosmos cougars counterstrike
courtney cowboys crazy credit cricket crypto crystal cubs cuore cupcake customer customers cyber cycling cyclops cynthia dad daddy daisy dallas dance dancer daniel daniela danielle daredevil darkness
database daughter david davidson davis day dead deadpool death debian deborah december decembre default delhi demon denmark dennis denver depeche desk desktop destiny detroit deutschland devil
dezember diablo diamond diamonds diana dick diego dienstag dimanche director disney docker doctor dodge dodgers dog doggy dogs dollar dollars dolphin dolphins donald donnerstag door dorothy dortmund
dory douglas dracula dragon dragonball dragons drake dream dreamer dreams drummer dubai dublin dubois ducati duck dumbledore durand dynamite eagle eagles earth edinburgh edward eeyore eight elena
elephant eleven elizabeth elmo elsa elvis email emily eminem emma energy england english enterprise eric erica espana esposito ete eternity ethan ethereum euro europe euros eva evelyn everton
everything excalibur excel excellent explosion extra facebook faith falcon falcons fall fallout familia familie famille family fanta fantastic father fatty februar february federer fenerbahce fernando
ferrari fevrier feyenoord fighter finland fire first fischer fish fishing five flame flamengo flamingo florian florida flower flowers football for force ford forest forever fortnite fortune four fox
france francesca francesco francis francisco frank frankenstein frankfurt freedom freitag freshdesk freunde friday friend friends frodo frozen fruehling fuck fucker fuckoff fuckyou funny futbol
gabriel gabriela gabrielle galatasaray galaxy gamora gandalf garcia garden garfield garten gators gelb general geneva genius george gerald germany ghost giants ginger giovanni girl girlfriend girls
gladiator glasgow glitter gloria gmail god godfather godisgood godislove godzilla goku gold golden golf gonzalez good goofy google gorgeous grace grandma grandpa grandtheftauto granted gray great
greece green greenday gregory grey griffin groot gruen guest guinevere guitar gummy hacker hacking hades hallo halo hamburg hamburger hamilton hannah happiness happy harley harold harry harrypotter
haslo haus hawaii hawk heart heartbreak heartless hearts heat heather heaven helen hell hello hellokitty hellothere help helpdesk henry herbst hercules here hermione hernandez herz highway hiphop
history hiver hobbit hockey hoffmann hogwarts hola holland holmes home homer honda honey hongkong hope horse horses hospital hot hotdog hotgirl hotmail hottie house houston how huawei hulk hundred
hungry hunter hunting hurricane husband huskies hyper hyundai ice ich ichliebe ichliebedich idiot ilove iloveu iloveyou imagine inbox inception incredible india infinity instagram inter intercom
internet interstellar invierno ipad iphone ireland ironmaiden ironman isabel isabella isabelle island istanbul italia italy ivan jack jackson jacob jacqueline jaguars jakarta james jamie jane janet
januar january janvier japan jardin jasmine jason java javascript javier jayz jazz jean jedi jeffrey jelly jellybean jennifer jenny jeremy jerry jesse jessica jessie jesus jesuschrist jesusislord
jetaime jets jeudi joan joanna joe johann johannes john johnny johnson joker jonathan jones jordan jorge jose joseph joshua juan judith judo juillet juin juli julia julian julie july june juni jupiter
justin justinbieber juventus kanye karachi karate karen kata katharina katherine kathleen katie kawasaki keith kelly kenneth kennwort kermit kevin keyboard khan kids kiev killer kim kimberly king
kingkong kitchen kitten kitty knicks knight koala kobe koeln korea krishna kubernetes kumar kyle kyoto ladybug lahore lakers lamborghini lancelot laptop larry lasvegas laugh laura lauren lawrence lazy
leader leafs league leagueoflegends lebron ledzeppelin lee leeds lefebvre legends legolas lemon leonardo leopard letmein lewis liam liberty liebe life light lightning lily lima lime linda linkedin
linkinpark linux lion lions lisa lisbon littleone live liverpool living lmao logan login logon loki lol lollipop london longhorn longhorns lopez losangeles loser lottery louis louise love lovely
loveme lover lovers loveyou lucas lucifer lucky luckycharm lucy luigi luis luke lundi macbook madison madonna madrid maerz magic magician magneto mai mail maison mama man manager manchester mango
manila manuel maple marc march marco marcus mardi margaret maria marie marina marines mario mark marley mars martha martin martina martinez marvel mary maserati mason master math matrix matt matteo
matthew matthias maurice max maxi maximilian maximus may mazda mbappe mcdonalds mega megan mein meine melanie melbourne melissa men mercedes mercredi mercury mercy merlin message messages messi metal
metallica mexico meyer mi mia miami michael michaela michaeljackson michelle mickey microsoft miguel mike milan milk miller million millionaire minecraft mini minnie mint miranda missile mittwoch
mobile mode mohamed mohammed mom mommy mon monday monde money monica monika monitor monkey monster montag montana month montreal moon moonlight moore moreau morgan moriarty morning moscow motdepasse
mother motorcycle motorola mountain mouse muchacho mucho mueller muenchen muffin muhammad mulan mumbai mummy mundo munich music musica mustang mustangs my mylove myspace mysql nadal nancy naruto
natalia natalie natasha nathan navy negro nemo neo neptune netherlands network new newcastle newyork neymar nguyen nicholas nick nicole night nikita nine ninja nintendo nirvana nissan nitro noah
nobody noir nokia norway not nothing november novembre now number numberone nurse nutella oasis ocean october octobre odin office oktober olaf old oliver olivia one onedirection onetwothree
onetwothreefour open opensesame oracle orange orchid osaka oscar otono outlook overwatch pablo packers pacman pakistan palace palmeiras pamela panda panther panthers papa paradise paris park parola
parrot pass passcode passphrase passwd password passwords passwort pasta patel patricia patrick patriots paul paula peace peach peanut peanutbutter pedro penguin penguins pepper peppermint pepsi perez
perfect peter peterpan petra phantom philadelphia philip philipp philippe phoenix phone piano pickle pikachu pineapple pink pinkfloyd pirate pizza plane planet playboy playstation pluto pocahontas
pokemon poker poland police polska pony pooh porch porchlight porsche porto portugal poseidon postgres postgresql potato potter power powerful prague precious predator president presley primavera
prince princess printemps printer private psv public pudding punisher punk puppy purple pussy python queen quiero quinn qwert qwerty qwertyuiop qwertz rabbit rachel racing radiohead raiders rainbow
ralph rambo ramirez rammstein ramon ranger rangers raspberry ravens raymond realmadrid rebecca red redhat redsox ricardo rice rich richard rihanna rio river road robert roberto robin roblox robocop
rock rocket rocknroll rockstar rocky rodriguez roger rojo rollingstones roma rome ronald ronaldo room root rose roses rossi rot rotterdam rouge router rugby running russia russo ryan saints salasana
salt samantha samedi samstag samsung samuel samurai sanchez sandi sandiego sandra sanfrancisco santiago santos saopaulo sara sarah sasuke satan saturday saturn scarface schalke schatz schatzi schmidt
schneider school schumacher schwarz science scooby scoobydoo scotland scott sea seahawks sean seattle sebastian second secret secrets secure security seminoles senha senna september septembre sergeant
server service sesame seven sex sexy sexygirl shadow shakira shanghai shark sharon sherlock shiny ship shirley shit shorty shrek sifre signin silver simba simon simone simpsons sims singapore singer
singh sister six skateboard skull sky skyline skyrim skywalker sleepy slipknot small smart smile smiley smith snake snapchat sniper snoopdogg snoopy snow snowboard snowflake snowwhite soccer sofia
soldier somebody something sommer son sonic sonntag sony sophia sophie soul southpark spain sparkle spartan spartans spears special speed spider spiderman spirit spongebob sporting spring sprite
squarepants star starbucks starcraft starlight stars startrek starwars steelers stefan stefanie stephanie stephen steven storm strawberry street strong stuart student stupid subaru subway success
sugar summer sun sunday sunflower sunshine super superman superuser supervisor support surfing susan susanne suzuki sweden sweetheart sweetie swift swimming switzerland sydney sylvia system table
tamara taylor taylorswift tea teacher teamo teddy teddybear telegram telephone temp temporary ten tennis tequiero tequila teresa terminator test tester testing testuser tetris texans texas thanos that
the theone there theresa third this thomas thor thousand three thunder thursday ticket tickets tiffany tiger tigers tigger tiktok time timothy tinkerbell titan titanic titans tobias today together
tokyo tomato tomorrow toor tornado toronto tottenham tower toyota train treasure trinity trojan trojans truck truelove trustme trustno trustnoone tuesday tulip tupac turbo turkey turkiye turtle twelve
twilight twitter two tyler ubuntu ukraine ultra unbelievable unicorn united universe university unlimited ursula usa user username vader valentina valentine valerie valorant vampire vancouver vanessa
vanilla vegeta vendredi venus verano verde veronica vert victor victoria victory vienna vikings vincent violet virginia vivian vodka voldemort volkswagen volleyball volvo wachtwoord wagner wales
walter wang warcraft warm warrior warriors warsaw was water watermelon watson weber webmaster wednesday week weiss welcome welt wendy what whatever whatsapp when where whiskey white who why wien wife
wifi wildcat wildcats william williams willkommen wilson window windows wine winner winnie winniethepooh winning winter wireless witch with wizard wolf wolfgang wolverine wolverines wolves woman women
wonder wonderful woods world worldofwarcraft wrestling xavier xbox xiaomi yahoo yamaha yankees year yellow yesterday yo yoda you your youtube yvonne zachary zelda zendesk zeus zhang zidane zombie
zurich zxcv zxcvb zxcvbnm
`.trim().split(/\s+/);
