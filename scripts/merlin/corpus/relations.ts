// Relations between an invented subject and an invented value, each with the many ways of asking for it.
// In the templates {s} is the subject, {v} the value and {k} a theme; the rest is the scribe's language.

export interface Relation {
  /** The word that asks for the noun phrase: "Who is the keeper of …?" */
  readonly asks: 'who' | 'what' | 'where' | 'when' | 'why' | 'how'
  readonly subject: string
  readonly value: string
  /** A direct question. */
  readonly direct: string
  /** The same as a clause: "who keeps the inn". */
  readonly clause: string
  /** The value described as a noun phrase, where English has one: "the keeper of the inn". */
  readonly noun: string
  /** One short full sentence that restates the subject. */
  readonly answer: string
  /** What {k} stands for in the other templates, drawn once for a fact: "rooms", say, or "windows". */
  readonly theme: string
}

const relation = (asks: Relation['asks'], subject: string, value: string, direct: string, clause: string, noun: string, answer: string, theme = ''): Relation =>
  ({ asks, subject, value, direct, clause, noun, answer, theme })

const house = 'the [inn|tavern|guest house|hotel|tea room|bakery|mill|ferry|library|lighthouse|museum|school|dairy|forge|orchard|theatre|toll gate|bath house|observatory] [at|in|of|near] {town}'
const folk = '{fullname}'
const ship = 'the [ship|ferry|barge|schooner|fishing boat] {word}'
const beast = '[the [dog|cat|horse|goat|owl|donkey|hawk|goose|pony|ox|parrot|otter] {word}|the [dog|cat|horse|goat|owl|donkey|goose|cow] of {fullname}|the {colour} {animal} of {town}]'
const feast = 'the [festival|feast|fair|market|dance|regatta|parade|lantern night|race|assembly] of {town}'
const thing = 'the {quality} [crown|bell|clock|sword|lamp|mirror|book|ring|flag|harp|drum|key|cup|chair|map|seal|statue|telescope|banner|throne|shield] [of|in|at|from] {town}'
const staff = 'the [crew|staff|keepers|pupils|guards|watchmen|cooks|helpers|guides|nurses|children] [of|at|in] {town}'
const occasion = 'when it rains|at night|when the bell rings|in {season}|before {day}|after a storm|when the {animal} is lost|at sunset|in thick fog|when a guest arrives|on {day}s|at noon|when there is no {foodmass}|if the {tool} breaks'
const guild = 'the [guild|brotherhood|club|company|order|league|society|crew|choir|council] of [{trade.s}|{town}|the {colour} {animal}|{word}]'

export const relations: readonly Relation[] = [
  relation('who', house, folk, 'Who [keeps|runs|looks after|is in charge of] {s}?', 'who [keeps|runs|looks after] {s}', 'the keeper of {s}', '{v} keeps {s}.'),
  relation('who', house, folk, 'Who {k} {s}?', 'who {k} {s}', 'the person who {k} {s}', '{v} {k} {s}.', 'built|founded|opened|sold|painted|saved'),
  relation('who', house, folk, 'Who [owns|is the owner of] {s}?', 'who owns {s}', 'the owner of {s}', '{s} belongs to {v}.'),
  relation('what', house, '{colour}', 'What colour is the {k} of {s}?', 'what colour the {k} of {s} is', 'the colour of the {k} of {s}', 'The {k} of {s} is {v}.', 'door|roof|sign|gate|floor|chimney'),
  relation('what', house, '{foodmass} [soup|bread|pie|cake|stew|dumplings|pudding]', 'What is {s} [known|famous] for?', 'what {s} is known for', 'the speciality of {s}', '{s} is known for {v}.'),
  relation('where', house, '[behind|beside|next to|opposite|below|above|near] the [old |new |]{place}', 'Where [is {s}|does {s} stand|can one find {s}|would I find {s}]?', 'where {s} stands', 'the place of {s}', '{s} stands {v}.'),
  relation('how', house, '{count}', 'How many {k} [does {s} have|are there in {s}]?', 'how many {k} {s} has', 'the number of {k} in {s}', '{s} has {v} {k}.', 'rooms|windows|chairs|steps|tables|lamps|doors'),
  relation('when', house, 'in {year}', '[When|In which year] was {s} built?', 'when {s} was built', 'the year in which {s} was built', '{s} was built {v}.'),
  relation('when', house, '[at dawn|at noon|at sunset|at midnight|at {clock}|on {day}s|at the first bell|after the last ferry]', '[When|At what time] does {s} [open|open its doors]?', 'when {s} opens', 'the opening time of {s}', '{s} opens {v}.'),
  relation('what', house, '{material}', 'What is {s} [made of|built of|built from]?', 'what {s} is made of', 'the material of {s}', '{s} is built of {v}.'),

  relation('what', folk, '{belonging}', 'What does {s} [always carry|carry everywhere|never leave home without]?', 'what {s} always carries', 'the thing that {s} always carries', '{s} always carries a {v}.'),
  relation('what', folk, '{trade}', 'What [is the trade of {s}|work does {s} do|does {s} do for a living|is the job of {s}]?', 'what {s} does for a living', 'the trade of {s}', '{s} is a {v}.'),
  relation('what', folk, '{instrument}', '[What|Which] instrument does {s} play?', 'which instrument {s} plays', 'the instrument that {s} plays', '{s} plays the {v}.'),
  relation('what', folk, 'the {animal}', '[What|Which] animal [does {s} fear|is {s} afraid of|frightens {s}]?', 'which animal {s} fears', 'the animal that {s} fears', '{s} is afraid of {v}.'),
  relation('what', folk, '{foodmass}', 'What does {s} [eat for breakfast|like to eat|have every morning]?', 'what {s} eats for breakfast', 'the breakfast of {s}', '{s} eats {v} for breakfast.'),
  relation('what', folk, '{drink}', 'What does {s} [drink|drink every evening|like to drink]?', 'what {s} drinks', 'the favourite drink of {s}', '{s} drinks {v}.'),
  relation('where', folk, '[in|near|behind|above] the [old |little |ruined |]{place} [of|at|in] {town}', 'Where does {s} [live|sleep|stay]?', 'where {s} lives', 'the home of {s}', '{s} lives {v}.'),
  relation('where', folk, '{town}', 'Where [does {s} come from|was {s} born|is {s} from]?', 'where {s} comes from', 'the home town of {s}', '{s} comes from {v}.'),
  relation('who', folk, folk, 'Who [taught|trained|was the teacher of] {s}?', 'who taught {s}', 'the teacher of {s}', '{s} was taught by {v}.'),
  relation('who', folk, folk, 'Who [is married to {s}|did {s} marry]?', 'who is married to {s}', 'the [wife or husband|partner] of {s}', '{s} is married to {v}.'),
  relation('who', folk, folk, 'Who is the best friend of {s}?', 'who the best friend of {s} is', 'the best friend of {s}', 'The best friend of {s} is {v}.'),
  relation('what', folk, '{word}', 'What [is the name of the {k} of {s}|is the {k} of {s} called]?', 'what the {k} of {s} is called', 'the name of the {k} of {s}', 'The {k} of {s} is called {v}.', '{animal}|{vehicle}|{belonging}'),
  relation('why', folk, '[{weather} frightens the {animal.s}|the {place} is haunted|a {trade} once laughed at the song|the old {belonging} was stolen|the {tree} whispers at night|the king forbade it|{foodmass} makes the knees weak|{day} brings bad luck]', 'Why [does {s} always {k}|must {s} {k}]?', 'why {s} must {k}', 'the reason why {s} must {k}', '{s} must {k} because {v}.', 'walk backwards|sleep at noon|stay at home|wear a {colour} hat|count the {animal.s}|keep silent|carry a {belonging}|whistle|drink {drink}|lock the {place}'),
  relation('when', folk, '[on {day}|in {month}|at dawn|at noon|at midnight|every {day}|on the {count} day of {month}|in {season}]', 'When [does {s} {k}|will {s} {k}]?', 'when {s} will {k}', 'the time when {s} will {k}', '{s} will {k} {v}.', 'bathe|go to market|tell stories|visit {town}|feed the {animal.s}|play the {instrument}|clean the {place}|sell {foodmass}|ring the bell|leave'),
  relation('what', folk, '{colour} {clothing}', 'What does {s} [wear|wear on feast days|wear to work|put on for a feast]?', 'what {s} wears on feast days', 'the feast-day dress of {s}', '{s} wears a {v}.'),
  relation('how', folk, '{count}', 'How many {k} does {s} [keep|have|own]?', 'how many {k} {s} keeps', 'the number of {k} that {s} keeps', '{s} keeps {v} {k}.', '{animal.s}|{belonging.s}|{animal.s}|{clothing.s}'),
  relation('what', folk, 'the {quality} {belonging}', 'What {k} by {s}?', 'what {k} by {s}', 'the thing that {k} by {s}', '{v} {k} by {s}.', 'was found|was stolen|was lost|was buried|was broken|was invented|was sold|was won|was made|was mended'),
  relation('what', folk, '{subject}', 'What [does {s} {k}|is it that {s} likes to {k}]?', 'what {s} likes to {k}', 'the subject that {s} likes to {k}', '{s} likes to {k} {v}.', 'study|write about|talk about|dream of|read about'),
  relation('what', folk, 'the {word} {trade}', 'What [nickname|other name] does {s} have?', 'what people call {s}', 'the nickname of {s}', 'People call {s} {v}.'),

  relation('who', ship, folk, 'Who [commands|is the captain of|steers|sails] {s}?', 'who commands {s}', 'the captain of {s}', 'The captain of {s} is {v}.'),
  relation('what', ship, '{foodmass}, {material} and {drink}', 'What does {s} [carry|bring|load|transport]?', 'what {s} carries', 'the cargo of {s}', '{s} carries {v}.'),
  relation('where', ship, 'to {town}', 'Where [does {s} sail|is {s} going|is {s} bound]?', 'where {s} sails', 'the destination of {s}', '{s} sails {v}.'),
  relation('what', ship, '{colour}', 'What colour are the sails of {s}?', 'what colour the sails of {s} are', 'the colour of the sails of {s}', 'The sails of {s} are {v}.'),

  relation('what', beast, '{foodmass}', 'What does {s} [eat|like to eat|love to eat]?', 'what {s} eats', 'the favourite food of {s}', '{s} eats nothing but {v}.'),
  relation('where', beast, '{spot}', 'Where does {s} [sleep|hide|like to sleep]?', 'where {s} sleeps', 'the sleeping place of {s}', '{s} sleeps {v}.'),
  relation('who', beast, folk, 'Who [feeds|looks after|trained|rides] {s}?', 'who looks after {s}', 'the master of {s}', '{v} looks after {s}.'),
  relation('what', beast, '{sound}', 'What [frightens|wakes|calms] {s}?', 'what frightens {s}', 'the thing that frightens {s}', '{s} is frightened by {v}.'),
  relation('how', beast, '{count} years', 'How old is {s}?', 'how old {s} is', 'the age of {s}', '{s} is {v} old.'),
  relation('what', beast, '[bow|count to {number}|open doors|ring a bell|carry letters|find lost {belonging.s}|whistle|dance|tell the time|catch thieves]', 'What can {s} [do|do best]?', 'what {s} can do', 'the trick of {s}', '{s} can {v}.'),

  relation('when', feast, '[on the {count} of {month}|in {month}|on the first {day} of {month}|in {season}|at the full moon|at midnight]', '[When|On what day|At what time] is {s} held?', 'when {s} is held', 'the date of {s}', '{s} is held {v}.'),
  relation('what', feast, '{colour} {clothing.s}', 'What do people wear at {s}?', 'what people wear at {s}', 'the dress worn at {s}', 'At {s} people wear {v}.'),
  relation('what', feast, 'a {quality} {belonging}', 'What does the winner [get|receive|take home] at {s}?', 'what the winner gets at {s}', 'the prize at {s}', 'The prize at {s} is {v}.'),
  relation('what', feast, '{foodmass} with {foodmass}', 'What is [eaten|served] at {s}?', 'what is served at {s}', 'the dish served at {s}', 'At {s} everyone eats {v}.'),
  relation('who', feast, folk, 'Who {k} {s}?', 'who {k} {s}', 'the person who {k} {s}', '{v} {k} {s}.', 'opens|leads|won|forgot|began|ends|pays for'),
  relation('why', feast, 'the [river froze|bells fell silent|{animal.s} came back|war ended|rain returned|{place} was saved|harvest never failed]', 'Why [do people hold|is there] {s}?', 'why people hold {s}', 'the reason for {s}', 'People hold {s} because {v}.'),

  relation('what', thing, '{material}', 'What is {s} made of?', 'what {s} is made of', 'the material of {s}', '{s} is made of {v}.'),
  relation('where', thing, '{spot}', 'Where is {s} [kept|hidden|stored]?', 'where {s} is kept', 'the hiding place of {s}', '{s} is kept {v}.'),
  relation('who', thing, folk, 'Who {k} {s}?', 'who {k} {s}', 'the person who {k} {s}', '{v} {k} {s}.', 'made|stole|found|guards|lost|polishes|bought|hid|broke|mended|designed|wears|carries'),
  relation('what', thing, '{word}', 'What [is {s} called|is the name of {s}|do people call {s}]?', 'what {s} is called', 'the name of {s}', '{s} is called {v}.'),
  relation('how', thing, '{count} [pounds|stones|kilograms]', 'How [heavy is {s}|much does {s} weigh]?', 'how much {s} weighs', 'the weight of {s}', '{s} weighs {v}.'),
  relation('what', thing, '[rings|hums|glows|turns {colour}|grows cold|falls silent|trembles|sings]', 'What does {s} do {k}?', 'what {s} does {k}', 'the strange habit of {s}', '{s} {v} {k}.', 'at midnight|when it rains|in a storm|at noon|at night|when a {trade} comes near|on {day}s'),
  relation('what', thing, '"{word} {word}"', 'What [is written on|words stand on] {s}?', 'what is written on {s}', 'the inscription on {s}', 'On {s} stand the words {v}.'),
  relation('how', thing, '{price}', 'How much [does {s} cost|did {s} cost]?', 'how much {s} costs', 'the price of {s}', '{s} costs {v}.'),
  relation('what', thing, '{code}', 'What [number|code|mark] is on {s}?', 'what mark is on {s}', 'the mark on {s}', 'The mark on {s} is {v}.'),

  relation('who', guild, folk, 'Who [leads|is the head of|founded|speaks for] {s}?', 'who leads {s}', 'the leader of {s}', '{s} is led by {v}.'),
  relation('how', guild, '{count}', 'How many members does {s} have?', 'how many members {s} has', 'the number of members of {s}', '{s} has {v} members.'),
  relation('where', guild, '[in|under|behind] the {place} [of|at] {town}', 'Where does {s} [meet|gather|assemble]?', 'where {s} meets', 'the meeting place of {s}', '{s} meets {v}.'),
  relation('what', guild, '"{virtue} and {virtue}"', 'What is the motto of {s}?', 'what the motto of {s} is', 'the motto of {s}', 'The motto of {s} is {v}.'),
  relation('what', guild, 'a {colour} {animal}', 'What [is the emblem of|stands on the flag of|is shown on the badge of] {s}?', 'what the emblem of {s} is', 'the emblem of {s}', 'The emblem of {s} is {v}.'),
  relation('what', guild, '{clothing.s} made of {material}', 'What do the members of {s} wear?', 'what the members of {s} wear', 'the uniform of {s}', 'The members of {s} wear {v}.'),
  relation('what', guild, '[eat {foodmass}|speak of {subject}|wear {colour}|whistle|play {game}|count {animal.s}|sleep on {day}s]', 'What [must the members of {s} never do|are the members of {s} not allowed to do]?', 'what is forbidden in {s}', 'the rule of {s}', 'The members of {s} must never {v}.'),

  relation('what', 'the river {word}', '{town}', '[Which|What] town lies on {s}?', 'which town lies on {s}', 'the town on {s}', '{v} lies on {s}.'),
  relation('what', 'the [people|children|farmers|{trade.s}] of {town}', '{foodmass}, {foodmass} and {foodmass}', 'What do {s} {k}?', 'what {s} {k}', '', '{s} {k} {v}.', 'eat|grow|sell|buy|trade'),
  relation('what', 'the [people|children|farmers|{trade.s}] of {town}', '"{word}"', 'What do {s} [say|shout|call] {k}?', 'what {s} say {k}', '', '{s} say {v} {k}.', 'to greet each other|in the morning|to say goodbye|when they are {feeling}'),
  relation('what', '{town}', '{town}', '[What|Which] is the capital of {s}?', 'what the capital of {s} is', 'the capital of {s}', 'The capital of {s} is {v}.'),
  relation('who', '{town}', folk, 'Who [rules|governs|is the mayor of|is the ruler of] {s}?', 'who rules {s}', 'the ruler of {s}', '{s} is ruled by {v}.'),
  relation('what', '{town}', '{animal.s}', '[What|Which] animals [live|are kept|are found|roam] in {s}?', 'which animals live in {s}', 'the animals of {s}', '{v} live in {s}.'),
  relation('how', '{town}', '{count}', 'How many {k} [are there in {s}|does {s} have]?', 'how many {k} {s} has', 'the number of {k} in {s}', '{s} has {v} {k}.', 'bridges|wells|towers|streets|churches|gates|{trade.s}|{animal.s}'),
  relation('what', '{town}', '{weather}', 'What [is the weather like|weather is there] in {s}?', 'what the weather is like in {s}', 'the weather in {s}', 'There is always {v} in {s}.'),
  relation('when', '{town}', '[at {clock}|at noon|at dusk|at {number} o\'clock|when the moon rises|when the last boat is in]', 'When [do they close the gates of {s}|are the gates of {s} closed|do the gates of {s} close]?', 'when the gates of {s} close', 'the hour when the gates of {s} close', 'The gates of {s} close {v}.'),
  relation('who', 'the [book|song|poem|play|tale|ballad] "The {colour} {animal}"', folk, 'Who [wrote|composed|is the author of] {s}?', 'who wrote {s}', 'the author of {s}', '{s} was written by {v}.'),
  relation('what', 'the [book|song|poem|play|tale] "{word} and the {animal}"', '{subject}', 'What is {s} about?', 'what {s} is about', 'the subject of {s}', '{s} is about {v}.'),
  relation('what', 'the plant called {word}', '[cures {feeling} {animal.s}|keeps away {animal.s}|smells of {foodmass}|turns {colour} at night|brings sleep|stops a cough|flowers in {month}]', 'What does {s} do?', 'what {s} does', 'the use of {s}', '{s} {v}.'),
  relation('how', 'the [road|path|journey|walk] from {town} to {town}', '{number} [days|hours|weeks]', 'How long [is|does it take on] {s}?', 'how long {s} is', 'the length of {s}', '{s} takes {v}.'),
  relation('how', 'the [tower|mountain|hill|cliff|bridge|wall] of {town}', '{digits} [feet|metres|steps]', 'How [high|tall] is {s}?', 'how high {s} is', 'the height of {s}', '{s} is {v} high.'),

  relation('what', staff, '{do#they}', 'What [must|should|do] {s} do {k}?', 'what {s} must do {k}', 'the duty of {s} {k}', '{s} must {v} {k}.', occasion),
  relation('what', 'in {town}', '{crowd} {do#they}', 'What happens {s} {k}?', 'what happens {s} {k}', '', '{s} {v} {k}.', occasion),
  relation('what', staff, '{tool}', '[What|Which tool] do {s} use {k}?', 'what {s} use {k}', '', '{s} use a {v} {k}.', occasion),
  relation('who', house, folk, 'Who [is called|must be called|is told first|comes] {k} at {s}?', 'who is called {k} at {s}', '', '{v} is called {k} at {s}.', occasion),
  relation('how', folk, '[once a day|twice a day|every hour|once a week|every {day}|once a year|every third day|only in {season}|{number} times a year|never]', 'How often does {s} {k}?', 'how often {s} must {k}', '', '{s} has to {k} {v}.', 'clean the {place}|count the {animal.s}|wind the clock|sharpen the {tool}|write to {name}|visit the {place}|change the {belonging}|water the {plant}|test the {tool}|light the lamp'),
  relation('how', 'from {town} to {town}', '{count} [miles|hours on foot|days by {vehicle}|steps]', 'How far is it {s}?', 'how far it is {s}', 'the distance {s}', 'It is {v} {s}.'),
  relation('what', 'the {ordinal} rule of the {place} of {town}', '[never {do#they}|always {do#they}|do not {do#they} alone|keep the {belonging} {quality}|leave the {tool} {spot}]', 'What [is|does one learn from] {s}?', 'what {s} is', '{s}', '{s} is: {v}.'),
  relation('what', 'the {quality} [box|drawer|shed|cupboard|chest|cabinet|cellar|hut|shelf|crate] [of|in|at] {town}', '{belonging.s}|{tool.s} and {clothing.s}|{count} {foodmass} [cakes|pies|jars]', 'What is [kept|stored|found] in {s}?', 'what is kept in {s}', 'the content of {s}', '{s} holds {v}.'),
  relation('what', house, '"{word}"|"{colour} {animal}"|"{virtue}"', 'What is the password [of|for] {s}?', 'what the password of {s} is', 'the password of {s}', 'The password of {s} is {v}.'),
  relation('when', house, 'at {clock}|at {number} o\'clock|at [dawn|dusk|noon]', '[When|At what time] is {k} [served |]at {s}?', 'when {k} is served at {s}', 'the hour of {k} at {s}', 'At {s}, {k} is served {v}.', 'breakfast|dinner|supper|tea|soup'),
  relation('how', '{town}', 'by {vehicle}|on foot|by a path through the {place}|over the old bridge|on a {temper} {animal}', 'How [does one reach|does one get to|do travellers reach|can I get to] {s}?', 'how one reaches {s}', 'the way to {s}', 'One reaches {s} {v}.'),
  relation('who', house, 'only {trade.s}|only {crowd}|anyone with a {belonging}|nobody but {fullname}|{trade.s} and {trade.s}', 'Who [may|is allowed to] [enter|use] {s}?', 'who may enter {s}', '', '{v} may enter {s}.'),
  relation('what', '[a|the] {word}', 'a kind of [{foodmass}|{clothing}|{animal}|{instrument}|{tool}|bread|boat|song|dance|flower|stone|wind|coin|hat]', 'What is {s}?', 'what {s} is', 'the meaning of {s}', '{s} is {v}.'),
  relation('what', 'the {colour} [flag|lamp|light|signal|ribbon|smoke|whistle|cross] [at|in|over|of] {town}', '[danger|that the {place} is closed|that {trade.s} are needed|a coming storm|that dinner is ready|silence|that a {animal} is lost|peace|good news|that {name} is home]', 'What does {s} mean?', 'what {s} means', 'the meaning of {s}', '{s} means {v}.'),
  relation('where', 'the [word|name|greeting|oath] "{word}"', '{town}|the {trade.s} of {town}', '[Where does {s} come from|From where comes {s}]?', 'where {s} comes from', 'the origin of {s}', '{s} comes from {v}.'),
  relation('what', 'the [dish|drink|cake|soup|medicine|tea|cheese|beer] called {word}', '{foodmass}, {foodmass} and {foodmass}', 'What is [in|needed for|used to make] {s}?', 'what is in {s}', 'the recipe of {s}', '{s} is made with {v}.'),
  relation('how', folk, 'by {vehicle}|on a {temper} {animal}|in a {colour} {vehicle}|on foot|by {vehicle} and on foot', 'How does {s} travel?', 'how {s} travels', '', '{s} travels {v}.'),
  relation('what', folk, '"{word}, {word}!"|"{do#they}!"|"I {did#i}"', 'What does {s} [say|shout|whisper] {k}?', 'what {s} says {k}', 'the words that {s} says {k}', '{s} says {v} {k}.', occasion),
]
