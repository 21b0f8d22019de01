/** What the parts of a chart share: its lines, the room around them, and the step under the pointer. */
import type { Store } from '../../lib/store'
import type { DrawnPoint } from './drawn-points'

export type CurveLine = { key: keyof DrawnPoint; name: string; look: 'main' | 'raw' | 'dots' }

/** The step under the pointer; null while there is none. */
export type HoveredStep = Store<number | null>

/** Room around the plot, in CSS pixels; what follows the pointer counts on it. */
export const plot = { left: 58, right: 12, top: 8, bottom: 30 }
