// A seeded source of random choices. The generator is our own splitmix-style counter hash on 32-bit integers:
// the n-th draw depends on the seed and n alone, so a document can be regenerated without those before it.

/** Scrambles 32 bits so that neighbouring inputs give unrelated outputs (the finaliser of MurmurHash3, public domain). */
function scramble(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

export class Random {
  private state: number

  /** Each further seed opens an independent stream, e.g. `new Random(seed, documentIndex)`. */
  constructor(...seeds: readonly number[]) {
    this.state = seeds.reduce((state, seed) => scramble(state ^ scramble(seed + 0x9e3779b9)), 0x243f6a88)
  }

  /** A number in [0, 1). */
  next(): number {
    this.state = (this.state + 0x9e3779b9) >>> 0
    return scramble(scramble(this.state) + 0x7f4a7c15) / 2 ** 32
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)]
    if (item === undefined) throw new Error('pick: the list is empty')
    return item
  }

  /** One of the values, each as likely as its weight says. */
  weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, value] of choices) {
      left -= weight
      if (left < 0) return value
    }
    return this.pick(choices)[1]
  }

  /** `count` different items, in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    const pool = [...items]
    for (let place = 0; place < count && place < pool.length; place++) {
      const other = this.between(place, pool.length - 1)
      const moved = pool[place] as T
      pool[place] = pool[other] as T
      pool[other] = moved
    }
    return pool.slice(0, count)
  }

  shuffled<T>(items: readonly T[]): T[] {
    return this.sample(items, items.length)
  }

  /** Bell-shaped around 0 with standard deviation 1 (Box and Muller, 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return radius * Math.cos(2 * Math.PI * this.next())
  }
}
