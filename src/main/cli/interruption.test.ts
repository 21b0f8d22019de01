import { describe, expect, it } from 'vitest'
import { Interruption } from './interruption'

function interrupted() {
  const killed: number[] = []
  let now = 0
  const interruption = new Interruption(
    (status) => killed.push(status),
    () => now,
  )
  return { interruption, killed, wait: (ms: number) => (now += ms) }
}

describe('interruption', () => {
  it('asks the first time and kills the second', () => {
    const { interruption, killed, wait } = interrupted()
    let asked = 0
    interruption.onAsked(() => asked++)
    interruption.ask()
    wait(2_000)
    expect([asked, killed]).toEqual([1, []])
    interruption.ask()
    expect([asked, killed]).toEqual([1, [130]])
  })

  it('takes two signals of one keystroke as one', () => {
    const { interruption, killed, wait } = interrupted()
    interruption.ask()
    wait(20)
    interruption.ask()
    expect(killed).toEqual([])
    expect(interruption.asked).toBe(true)
  })

  it('tells whoever listens late', () => {
    const { interruption } = interrupted()
    interruption.readerLeft()
    let asked = false
    interruption.onAsked(() => (asked = true))
    expect([asked, interruption.unheard]).toEqual([true, true])
  })
})
