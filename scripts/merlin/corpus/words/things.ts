// Nouns for things, by what one can do with them. All are countable unless the name of the list says otherwise.
import { list } from './list'

export const tools = list(`
  hammer, saw, chisel, needle, spade, rake, ladder, bucket, rope, lantern, basket, broom, brush, kettle, axe, anvil,
  pair of scissors, plough, wheelbarrow, file, wrench, drill, trowel, hoe, sickle, loom, spindle, ruler, compass, scale,
  magnifying glass, whistle, pump, lever, hook, net, paddle, oar, pulley, wedge, clamp, knife, spoon, ladle, sieve, pestle
`)

export const belongings = list(`
  clock, key, box, letter, book, map, ring, coin, lamp, mirror, candle, umbrella, purse, pocket watch, comb, diary, bell,
  drum, kite, ball, doll, wooden horse, chess board, painting, vase, jar, bottle, cup, plate, bowl, teapot, blanket, pillow,
  carpet, curtain, chair, table, bench, stool, trunk, chest, suitcase, photograph, notebook, pencil, pen, ink pot, stamp,
  globe, telescope, music box, button, bead, feather, shell, stone, badge, medal, ticket, parcel, quilt, toy boat, puppet
`)

export const vehicles = list(`
  boat, cart, wagon, bicycle, sledge, canoe, ferry, train, tram, bus, barge, raft, sailing ship, coach, carriage, balloon,
  truck, scooter, fishing boat, rowing boat, tractor, van
`)

export const clothes = list(`
  coat, hat, scarf, glove, boot, shoe, cloak, apron, shirt, skirt, dress, jacket, belt, sock, cap, ribbon, shawl, sweater,
  tunic, bonnet, waistcoat, mitten, raincoat, hood
`)

export const instruments = list(`
  flute, fiddle, harp, drum, horn, trumpet, piano, guitar, lute, bell, accordion, cello, whistle, tambourine, organ, clarinet
`)

export const foods = list(`
  loaf of bread, cake, pie, pot of soup, plate of beans, bowl of porridge, apple, pear, plum, cherry, melon, orange, lemon,
  carrot, turnip, onion, pumpkin, potato, egg, biscuit, pancake, sandwich, sausage, roast chicken, trout,
  jar of honey, pot of jam, bowl of stew, dish of rice, slice of toast, omelette, dumpling, bun, pudding, bag of nuts, fig,
  peach, bunch of grapes, radish, leek, walnut, ginger biscuit, apple tart, bowl of berries, pretzel, bowl of noodles, salad
`)

export const foodMasses = list(`
  bread, soup, cheese, butter, honey, jam, rice, porridge, stew, milk, cream, fish, oatmeal, salt, sugar, flour, pepper,
  barley, corn, mustard, vinegar, garlic, cinnamon, ginger, mint, parsley, cabbage, bacon
`)

export const drinks = list(`
  tea, milk, water, cider, lemonade, cocoa, coffee, apple juice, plum juice, ginger beer, broth, mint tea, honey water
`)

export const materials = list(`
  wood, stone, iron, copper, silver, glass, clay, brass, wool, linen, leather, paper, tin, gold, straw, silk, marble, oak,
  pine, bronze, bone, wax, canvas, brick, slate, ivory, cotton, felt
`)

export const subjects = list(`
  the stars, the tides, the weather, old maps, the history of the town, how bees live, birds, rivers, numbers, music,
  the moon, ships, bread, mountains, gardens, horses, clocks, glass, winter, bridges, roads, herbs, dreams, cooking, trade,
  language, painting, the sea, fishing, machines, kindness, travel, insects, snow, lighthouses, trees
`)

export const sounds = list(`
  a soft knock, a loud crash, a long whistle, a low hum, a bark, footsteps, laughter, a bell, a song, thunder, a whisper,
  the creak of a door, the splash of water, the wind, a drum, a cry, a cough, music, rain on the roof, the tick of a clock
`)
