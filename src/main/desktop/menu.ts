/** The native menu. Roles give each system its own words and keys. */
import { app, Menu, type MenuItemConstructorOptions, shell } from 'electron'
import { version } from '../../../package.json'

const separator: MenuItemConstructorOptions = { type: 'separator' }

/** @param home data folder, which Help can show */
export function setMenu(home: string): void {
  app.setAboutPanelOptions({
    applicationName: 'Camelot Studio',
    applicationVersion: version,
    copyright: 'Apache License 2.0',
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template(home)))
}

function template(home: string): MenuItemConstructorOptions[] {
  const isMac = process.platform === 'darwin'
  return [
    isMac ? { role: 'appMenu' } : { label: '&File', submenu: [{ role: 'quit' }] },
    { role: 'editMenu' },
    { label: '&View', submenu: viewMenu() },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Open the Data Folder', click: () => void shell.openPath(home) },
        ...(isMac ? [] : [separator, { role: 'about' } as const]),
      ],
    },
  ]
}

function viewMenu(): MenuItemConstructorOptions[] {
  const developers: MenuItemConstructorOptions[] = app.isPackaged ? [] : [{ role: 'toggleDevTools' }]
  return [
    { role: 'reload' },
    ...developers,
    separator,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
  ]
}
