// The kinds of word that a template may ask for by name.
import * as living from './living'
import * as qualities from './qualities'
import * as settings from './settings'
import * as things from './things'

export const kinds: Readonly<Record<string, readonly string[]>> = {
  tool: things.tools, belonging: things.belongings, vehicle: things.vehicles, clothing: things.clothes,
  instrument: things.instruments, food: things.foods, foodmass: things.foodMasses, drink: things.drinks,
  material: things.materials, subject: things.subjects, sound: things.sounds,
  girl: living.girls, boy: living.boys, surname: living.surnames, trade: living.trades, kin: living.kin, crowd: living.crowds,
  animal: living.animals, plant: living.plants, tree: living.trees,
  place: settings.places, spot: settings.spots, weather: settings.weathers, weathersentence: settings.weatherSentences,
  feeling: settings.feelings, day: settings.days, month: settings.months, season: settings.seasons, time: settings.times,
  moment: settings.moments, game: settings.games, schoolsubject: settings.schoolSubjects, virtue: settings.virtues,
  colour: qualities.colours, quality: qualities.qualities, temper: qualities.tempers, comparable: qualities.comparables,
  manner: qualities.manners, frequency: qualities.frequencies,
}
