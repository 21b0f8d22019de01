/**
 * Lets an older Electron open the window in a test: supplies what it lacks, then loads the build that
 * CAMELOT_TEST_BUILD names. The product itself never sees this file.
 */
const { join } = require('node:path')
const { app } = require('electron')

globalThis.crypto ??= require('node:crypto').webcrypto
globalThis.File ??= require('node:buffer').File
globalThis.CustomEvent ??= class CustomEvent extends Event {
  constructor(type, options = {}) {
    super(type, options)
    this.detail = options.detail ?? null
  }
}
URL.canParse ??= (address, base) => {
  try {
    return Boolean(new URL(address, base))
  } catch {
    return false
  }
}

AbortSignal.any ??= (signals) => {
  const together = new AbortController()
  for (const signal of signals) {
    if (signal.aborted) together.abort(signal.reason)
    else signal.addEventListener('abort', () => together.abort(signal.reason), { once: true })
  }
  return together.signal
}

// `events.addAbortListener` came with Node 20.
const events = require('node:events')
Symbol.dispose ??= Symbol('dispose')
events.addAbortListener ??= (signal, listener) => {
  if (signal.aborted) queueMicrotask(listener)
  else signal.addEventListener('abort', listener, { once: true })
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', listener) }
}

// `events.on` learnt to end at an event in Node 20: what came before the end is still handed out.
if (Number(process.versions.node.split('.')[0]) < 20) {
  const on = events.on
  events.on = (emitter, name, options) => {
    const iterator = on(emitter, name, options)
    for (const ending of options?.close ?? []) emitter.once(ending, () => void iterator.return())
    return iterator
  }
}

// `webUtils.getPathForFile` came with Electron 32; before it, a File carried its path.
app.on('session-created', (session) => session.setPreloads([join(__dirname, 'preload.cjs'), ...session.getPreloads()]))

require(join(process.env.CAMELOT_TEST_BUILD, 'main', 'index.cjs'))
