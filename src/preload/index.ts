/**
 * Runs before the page, isolated from it, in the sandbox. Hands one message port from the page to the studio, and
 * gives the page the few things that only a desktop has. Nothing of Electron or Node reaches the page itself.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { connectMessage, type DesktopBridge, desktopCall } from '../shared/contract/desktop'

window.addEventListener('message', ({ source, origin, data, ports }) => {
  if (source !== window || origin !== location.origin || data !== connectMessage) return
  const [port] = ports
  if (port) ipcRenderer.postMessage(connectMessage, null, [port])
})

const bridge: DesktopBridge = {
  pathForFile: (file) => webUtils.getPathForFile(file as File),
  chooseFolder: (title) => ipcRenderer.invoke(desktopCall.chooseFolder, title),
  chooseFiles: () => ipcRenderer.invoke(desktopCall.chooseFiles),
  chooseExportFolder: (suggestedName) => ipcRenderer.invoke(desktopCall.chooseExportFolder, suggestedName),
  showInFolder: (path) => ipcRenderer.invoke(desktopCall.showInFolder, path),
  platform: process.platform,
}
contextBridge.exposeInMainWorld('camelotDesktop', bridge)
