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
