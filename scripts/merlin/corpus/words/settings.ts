// Where and when: places, parts of places, weather, days, feelings.
import { list } from './list'

export const places = list(`
  market, harbour, forest, village, school, mill, farm, river, lake, garden, library, station, bakery, castle, church, square,
  bridge, inn, beach, hill, valley, museum, workshop, hospital, theatre, meadow, orchard, park, island, lighthouse, tower,
  stable, cave, field, town hall, post office, kitchen, courtyard, shop, cottage, barn, well, quarry, factory, pond, vineyard,
  shipyard, observatory, fair, monastery, printing house, glass house, ferry landing, old mine, boat house, cellar, attic,
  schoolyard, crossroads, canal, palace, gatehouse, abbey, greenhouse, playground, swimming pool, ballroom, dairy, smithy
`)

export const spots = list(`
  under the bed, behind the door, on the roof, beside the stove, near the window, under the old tree, on the top shelf,
  in the corner, between two stones, at the end of the lane, behind the barn, by the gate, in the tall grass, on the stairs,
  next to the well, at the bottom of the stairs, on the other side of the river, inside the hollow tree, below the bridge,
  across the street, in the drawer, at the back of the shop, under a blanket, among the reeds, above the fireplace,
  in the hay, behind the curtain, on the bench, beneath the floor, in the long shadow of the tower
`)

export const weathers = list(`
  rain, snow, wind, fog, sunshine, thunder, frost, hail, mist, a storm, a light breeze, heavy rain, warm sunshine, thick fog
`)

export const weatherSentences = list(
  `
  The rain fell all day; The sun was shining; A cold wind blew from the north; Snow lay on the roofs; The fog was thick;
  It was a warm evening; The sky was clear and blue; Dark clouds gathered over the hills; The air smelled of rain;
  The first frost had come; It was very hot; The moon was bright; There was thunder far away; A soft breeze moved the leaves;
  The morning was cool and quiet; The stars came out one by one; The ground was wet; Leaves were falling from the trees
`
    .replace(/,/g, ' ')
    .replace(/;/g, ','),
)

export const feelings = list(`
  happy, sad, tired, proud, angry, afraid, calm, lonely, curious, surprised, grateful, hungry, thirsty, nervous, cheerful,
  worried, sleepy, bored, hopeful, shy, jealous, pleased, sorry, excited, relieved, confused, brave, ashamed, content, restless
`)

export const days = list('Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday')

export const months = list(`
  January, February, March, April, May, June, July, August, September, October, November, December
`)

export const seasons = list('spring, summer, autumn, winter')

export const times = list(`
  in the morning, in the evening, at noon, at midnight, at dawn, after lunch, before dinner, every day, once a week,
  on Sundays, at night, in the spring, in the summer, in the autumn, in the winter, late in the afternoon, at sunset,
  before the sun came up, as soon as it was dark, early the next day
`)

export const moments = list(`
  One morning, One evening, Last winter, On Monday, On Friday, Early one day, Long ago, Yesterday, That night, After dinner,
  On a quiet afternoon, In the spring, At the end of the summer, Last week, On the first day of the year, Late one night,
  One rainy day, At noon, Two days later, Many years ago, During the harvest, On market day, Before the snow came
`)

export const games = list(
  'chess, cards, hide and seek, tag, football, draughts, marbles, catch, dominoes, skipping, bowls, darts',
)

export const schoolSubjects = list(`
  arithmetic, reading, writing, history, music, drawing, geography, singing, spelling, geometry, botany, astronomy, cooking
`)

export const virtues = list(`
  patience, courage, kindness, honesty, luck, skill, wisdom, strength, friendship, care, practice, hope, silence, trust, humour
`)
