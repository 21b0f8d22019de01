/** The Electron application's entry. */
import { runApplication } from './desktop/application'

runApplication()
