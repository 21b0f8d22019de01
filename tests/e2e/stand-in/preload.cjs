/** Gives an older Electron `webUtils`, before the preload script of the build runs. */
const electron = require('electron')

if (!electron.webUtils) {
  const webUtils = { getPathForFile: (file) => file.path ?? '' }
  Object.defineProperty(electron, 'webUtils', { value: webUtils, enumerable: true, configurable: true })
}
