/** What the preload script gives the page in Electron, beside the port. Absent in a browser. */
export type DesktopBridge = {
  /** Absolute path of a dropped or chosen file. */
  pathForFile(file: File): string
  chooseFolder(title: string): Promise<string | null>
  chooseFiles(): Promise<string[]>
  /** Asks where to write an export; answers the folder to make. */
  chooseExportFolder(suggestedName: string): Promise<string | null>
  showInFolder(path: string): Promise<void>
  platform: string
}

/** Stands in for the DOM's `File`, which this folder must not know. */
type File = object

/** Said by the page with one port, and passed on with it to the main process. */
export const connectMessage = 'camelot:connect'

/** Names of the calls behind the bridge. */
export const desktopCall = {
  chooseFolder: 'camelot:choose-folder',
  chooseFiles: 'camelot:choose-files',
  chooseExportFolder: 'camelot:choose-export-folder',
  showInFolder: 'camelot:show-in-folder',
} as const
