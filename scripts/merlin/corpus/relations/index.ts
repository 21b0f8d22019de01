// All relations. Their order is part of the recipe: another order gives another corpus.
import { buildings } from './buildings'
import { feastsAndTreasures } from './feasts-and-treasures'
import { guildsAndTowns } from './guilds-and-towns'
import { people } from './people'
import type { Relation } from './relation'
import { rulesAndHabits } from './rules-and-habits'
import { shipsAndAnimals } from './ships-and-animals'

export type { Relation }

export const relations: readonly Relation[] = [
  ...buildings,
  ...people,
  ...shipsAndAnimals,
  ...feastsAndTreasures,
  ...guildsAndTowns,
  ...rulesAndHabits,
]
