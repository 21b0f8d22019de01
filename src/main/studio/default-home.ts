/**
 * The system's place for an application's data. Sources: XDG Base Directory Specification; Apple's File System
 * Programming Guide; Windows' Known Folders.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'

export function defaultHome(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, home = homedir()): string {
  return join(dataFolder(platform, environment, home), 'camelot-studio')
}

function dataFolder(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, home: string): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support')
  if (platform === 'win32') return environment.APPDATA || join(home, 'AppData', 'Roaming')
  return environment.XDG_DATA_HOME || join(home, '.local', 'share')
}
