/** Answers the page's calls for what only a desktop has: dialogs to open and save, and the file manager. */
import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { app, BrowserWindow, dialog, type IpcMainInvokeEvent, ipcMain, shell } from 'electron'
import { z } from 'zod'
import { desktopCall } from '../../shared/contract/desktop'
import { isOwnPage } from './sender'

const title = z.string().max(200)
const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path')
const fileName = z
  .string()
  .max(120)
  .transform((name) => name.replace(/[\\/:*?"<>|\p{Cc}]+/gu, '-').replace(/^\.+/, '') || 'export')

export function answerDialogs(): void {
  answer(desktopCall.chooseFolder, z.tuple([title]), async (window, title) => {
    const { filePaths } = await dialog.showOpenDialog(window, { title, properties: ['openDirectory'] })
    return filePaths[0] ?? null
  })
  answer(desktopCall.chooseFiles, z.tuple([]), async (window) => {
    const { filePaths } = await dialog.showOpenDialog(window, {
      title: 'Add data sets',
      properties: ['openFile', 'multiSelections'],
      filters: [
        { name: 'Data sets', extensions: ['jsonl', 'json', 'csv', 'txt'] },
        { name: 'All files', extensions: ['*'] },
      ],
    })
    return filePaths
  })
  answer(desktopCall.chooseExportFolder, z.tuple([fileName]), async (window, name) => {
    const { filePath } = await dialog.showSaveDialog(window, {
      title: 'Export to a folder',
      buttonLabel: 'Export',
      defaultPath: join(app.getPath('documents'), name),
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    })
    return filePath || null
  })
  answer(desktopCall.showInFolder, z.tuple([absolutePath]), async (_window, path) => {
    if (!existsSync(path)) throw new Error(`${path} is not there any more.`)
    shell.showItemInFolder(path)
  })
}

/** Registers one call: its sender is checked and its arguments are parsed before anything is done. */
function answer<Arguments extends unknown[], Result>(
  call: string,
  schema: z.ZodType<Arguments>,
  act: (window: BrowserWindow, ...args: Arguments) => Promise<Result>,
) {
  ipcMain.handle(call, async (event: IpcMainInvokeEvent, ...given: unknown[]) => {
    const window = BrowserWindow.fromWebContents(event.sender)
    if (!isOwnPage(event) || window === null) throw new Error(`${call} is answered to the studio's own window alone.`)
    const parsed = schema.safeParse(given)
    if (!parsed.success) throw new Error(`${call}: ${parsed.error.issues[0]?.message}.`)
    return act(window, ...parsed.data)
  })
}
