// True, ordinary facts: the only ones the model is meant to remember. Lines of "subject: value".

const table = (text: string): readonly (readonly [string, string])[] =>
  text
    .split(/[\n;]/)
    .map((line) => line.split(':').map((part) => part.trim()))
    .filter((parts) => parts.length === 2)
    .map(([key = '', value = '']) => [key, value] as const)

export const capitals =
  table(`France: Paris; Italy: Rome; Spain: Madrid; Germany: Berlin; England: London; Scotland: Edinburgh; Ireland: Dublin; Portugal: Lisbon;
Greece: Athens; Austria: Vienna; Poland: Warsaw; Sweden: Stockholm; Norway: Oslo; Denmark: Copenhagen; Finland: Helsinki; Russia: Moscow; Turkey: Ankara;
Egypt: Cairo; Japan: Tokyo; China: Beijing; India: New Delhi; Canada: Ottawa; Mexico: Mexico City; Peru: Lima; Chile: Santiago; Cuba: Havana; Kenya: Nairobi;
Hungary: Budapest; Belgium: Brussels; Iceland: Reykjavik; Australia: Canberra; Argentina: Buenos Aires; Thailand: Bangkok; Vietnam: Hanoi; Nepal: Kathmandu; Wales: Cardiff; Romania: Bucharest; Bulgaria: Sofia; Croatia: Zagreb; Serbia: Belgrade; Latvia: Riga; Estonia: Tallinn; Colombia: Bogota; Morocco: Rabat; Ghana: Accra`)

export const young = table(
  `dog: puppy; cat: kitten; cow: calf; horse: foal; sheep: lamb; goat: kid; hen: chick; duck: duckling; goose: gosling; swan: cygnet; bear: cub; deer: fawn; lion: cub; frog: tadpole; pig: piglet; owl: owlet; hare: leveret; fox: cub; butterfly: caterpillar; elephant: calf; whale: calf; eagle: eaglet; kangaroo: joey`,
)

export const calls = table(
  `dog: barks; cat: miaows; cow: moos; horse: neighs; sheep: bleats; pig: grunts; duck: quacks; hen: clucks; owl: hoots; lion: roars; wolf: howls; bee: buzzes; snake: hisses; frog: croaks; mouse: squeaks; donkey: brays; crow: caws; pigeon: coos; rooster: crows; goose: honks; robin: sings; elephant: trumpets`,
)

export const homes = table(
  `bird: nest; bee: hive; fox: den; rabbit: burrow; spider: web; horse: stable; dog: kennel; cow: byre; snail: shell; beaver: lodge; mole: tunnel; bear: cave; squirrel: tree; pig: sty; hen: coop; ant: anthill; eagle: nest; king: palace; monk: monastery; sailor: ship; soldier: barracks; student: school`,
)

export const opposites = table(
  `hot: cold; big: small; tall: short; old: young; new: old; fast: slow; light: dark; heavy: light; wet: dry; early: late; open: closed; full: empty; happy: sad; rich: poor; strong: weak; hard: soft; loud: quiet; near: far; high: low; wide: narrow; thick: thin; clean: dirty; sharp: blunt; brave: afraid; day: night; up: down; left: right; good: bad; first: last; true: false; long: short; sweet: sour; rough: smooth; right: wrong; begin: end; push: pull; buy: sell; give: take; lose: find; laugh: cry; summer: winter; north: south; east: west; friend: enemy; always: never; inside: outside; above: below; before: after`,
)

export const toolOf = table(
  `carpenter: saw; blacksmith: anvil; tailor: needle; farmer: plough; painter: brush; baker: oven; gardener: spade; fisherman: net; shepherd: crook; weaver: loom; potter: wheel; woodcutter: axe; sailor: compass; cook: ladle; astronomer: telescope; mason: trowel; spinner: spindle; writer: pen; barber: pair of scissors; postman: bag; hunter: bow; miller: millstone; shoemaker: last; butcher: knife; beekeeper: smoker; teacher: chalk; drummer: drum; sweeper: broom`,
)

export const coloursOf = table(
  `grass: green; snow: white; blood: red; coal: black; the sky: blue; a lemon: yellow; a carrot: orange; a ripe tomato: red; milk: white; chocolate: brown; an elephant: grey; a raven: black; a swan: white; gold: yellow; a cherry: red; a leaf in summer: green; salt: white; a violet: purple; a flamingo: pink; the sun: yellow; ink: black; a pea: green; a frog: green; a ripe strawberry: red; ash: grey; an egg yolk: yellow; a plum: purple; a polar bear: white; the sea: blue`,
)

export const madeOf = table(
  `bread: flour; wine: grapes; butter: milk; cheese: milk; paper: wood; glass: sand; a candle: wax; a wool sweater: wool; a brick: clay; a window: glass; a tyre: rubber; a nail: iron; cider: apples; a coin: metal; jam: fruit and sugar; ice: water; a book: paper; an omelette: eggs; silk: the thread of silkworms; a clay pot: clay; raisins: grapes; steel: iron; linen: flax; a barrel: wood; honey: nectar`,
)

export const counts = table(
  `days are in a week: seven; months are in a year: twelve; hours are in a day: twenty-four; minutes are in an hour: sixty; seconds are in a minute: sixty; legs does a spider have: eight; legs does an ant have: six; legs does a horse have: four; legs does a bird have: two; wheels does a bicycle have: two; sides does a triangle have: three; sides does a square have: four; seasons are in a year: four; letters are in the English alphabet: twenty-six; fingers are on one hand: five; eggs are in a dozen: twelve; years are in a century: one hundred; wings does a bee have: four; eyes does a cat have: two; strings does a violin have: four; corners does a cube have: eight; planets go around the sun: eight; days are in February: twenty-eight; squares are on a chess board: sixty-four; arms does an octopus have: eight; continents are there: seven; weeks are in a year: fifty-two; days are in April: thirty; days are in May: thirty-one`,
)

export const purposes = table(
  `a hammer: drive nails; a saw: cut wood; a broom: sweep the floor; an umbrella: stay dry in the rain; a key: open a lock; a clock: tell the time; a spoon: eat soup; a pen: write; a ladder: climb up; a lamp: give light; a net: catch fish; a map: find the way; a needle: sew; a kettle: boil water; a telescope: look at the stars; a bell: call people; a bridge: cross a river; a comb: tidy the hair; a scale: weigh things; a compass: find the north; a sieve: sift flour; a rope: tie things; a bucket: carry water; a pillow: rest the head; a purse: keep money; a rake: gather leaves; a whistle: make a loud sound; a mirror: see oneself; a stamp: send a letter; a plough: turn the soil`,
)

export const shops = table(
  `baker: bread; butcher: meat; grocer: vegetables; jeweller: rings; tailor: clothes; bookseller: books; florist: flowers; fishmonger: fish; stationer: paper; cobbler: shoes; chandler: candles; hatter: hats`,
)
