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

// `webUtils.getPathForFile` came with Electron 32; before it, a File carried its path.
app.on('session-created', (session) => session.setPreloads([join(__dirname, 'preload.cjs'), ...session.getPreloads()]))

require(join(process.env.CAMELOT_TEST_BUILD, 'main', 'index.cjs'))
