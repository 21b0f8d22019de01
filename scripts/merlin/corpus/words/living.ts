// People, animals and plants.
import { list } from './list'

export const girls = list(`
  Anna, Rosa, Clara, Ida, Nora, Lily, Emma, Ruth, Mary, Alice, Jane, Sarah, Ellen, Grace, Hannah, Julia, Laura, Maya, Nina,
  Olga, Paula, Rita, Sofia, Tess, Una, Vera, Wendy, Zoe, Abigail, Bella, Carmen, Daisy, Edith, Fiona, Greta, Helen, Iris,
  Josie, Katya, Leila, Mabel, Nadia, Olive, Penny, Sally, Tilda, Violet, Winnie, Yara, Amina, Beth, Cora, Dora, Esther, Freya,
  Gita, Hope, Ines, Joan, Kim, Lucy, Marta, Naomi, Odette, Petra, Rachel, Stella, Thea, Ursula, Agnes, Martha, Beatrice
`)

export const boys = list(`
  Tom, Ben, Sam, Peter, John, Paul, Henry, George, David, Daniel, Edward, Felix, Hugo, Ivan, Jack, Karl, Leo, Max, Noah,
  Oscar, Patrick, Robert, Simon, Theo, Victor, Walter, Adam, Bruno, Colin, Dennis, Emil, Frank, Gregor, Harold, Isaac, James,
  Kenneth, Louis, Martin, Nathan, Omar, Philip, Ralph, Samir, Tobias, Umar, Vincent, William, Yusuf, Albert, Carlos, Dmitri,
  Erik, Finn, Gabriel, Hassan, Jonas, Luke, Marco, Nils, Otto, Pedro, Quentin, Roland, Stefan, Toby, Wilfred, Alan, Bernard
`)

export const surnames = list(`
  Baker, Marsh, Hill, Brook, Carter, Stone, Field, Potter, Reed, Wood, Lake, Winter, Fox, Swan, Thorne, Bell, Crane, Miller,
  Fisher, Weaver, Cooper, Turner, Page, Shaw, Moss, Holt, Grant, Finch, Lane, West, Hart, Frost, Barley, Penn, Rowe, Dale
`)

export const trades = list(`
  baker, miller, weaver, farmer, shepherd, sailor, fisherman, carpenter, blacksmith, gardener, teacher, doctor, nurse,
  painter, tailor, potter, cook, clockmaker, shoemaker, postman, librarian, painter, judge, mayor, soldier, captain, pilot,
  driver, musician, singer, poet, hunter, beekeeper, merchant, innkeeper, mason, glassblower, ropemaker, bookbinder, printer,
  butcher, grocer, jeweller, plumber, engineer, scientist, astronomer, map maker, ferryman, lighthouse keeper, saddler, tinker,
  dyer, thatcher, cooper, candle maker, scribe, herald, groom, stonecutter, bell ringer, woodcutter, guide, inventor
`)

export const kin = list(`
  mother, father, sister, brother, aunt, uncle, cousin, grandmother, grandfather, daughter, son, niece, nephew, neighbour,
  friend, teacher, partner
`)

export const crowds = list(`
  the children, the neighbours, the farmers, the sailors, the guests, the villagers, the twins, the travellers, the workers,
  the students, the old women, the soldiers, the bakers, the singers, the weavers, the passengers, the boys, the girls
`)

export const animals = list(`
  dog, cat, horse, cow, sheep, goat, pig, hen, duck, goose, donkey, mouse, rabbit, fox, bear, wolf, deer, owl, crow, robin,
  sparrow, swan, frog, toad, snake, turtle, fish, bee, ant, butterfly, spider, hedgehog, squirrel, badger, otter, beaver,
  mole, bat, hawk, eagle, pigeon, parrot, monkey, elephant, lion, tiger, camel, whale, seal, crab, snail, pony, kitten, puppy,
  lamb, calf, heron, magpie, starling, hare, weasel, rooster, mule, ox, raven, falcon, stork
`)

export const plants = list(`
  rose, lily, daisy, poppy, tulip, violet, sunflower, thistle, fern, nettle, clover, bluebell, ivy, lavender, mint bush,
  blackberry bush, vine, reed, foxglove, primrose, marigold, iris, bean plant, wild strawberry
`)

export const trees = list(`
  oak, pine, birch, willow, apple tree, pear tree, elm, ash, maple, chestnut, cherry tree, fir, poplar, hazel, yew, walnut tree,
  plum tree, cedar, beech, linden
`)
