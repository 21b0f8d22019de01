/** A child process that the person regards as the command itself: it gets the signals meant for us, once each. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { root } from './checkout.mjs'

/** Within this time a repeated signal is the same one: a terminal and npm both deliver a Ctrl-C. */
const sameSignalMs = 500

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {{ child: import('node:child_process').ChildProcess, ended: Promise<number> }} `ended` gives the exit status
 */
export function startForeground(command, args, options = {}) {
  // A group of its own keeps the terminal's Ctrl-C from reaching the child beside the one that is passed on.
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    detached: process.platform !== 'win32',
    ...options,
  })
  const stopForwarding = forwardSignals(child)
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  }).finally(stopForwarding)
  return { child, ended }
}

function forwardSignals(child) {
  const lastSeen = new Map()
  const forward = (signal) => {
    const now = Date.now()
    const isRepeated = now - (lastSeen.get(signal) ?? 0) < sameSignalMs
    lastSeen.set(signal, now)
    if (!isRepeated) child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  return () => {
    for (const signal of signals) process.off(signal, forward)
  }
}
