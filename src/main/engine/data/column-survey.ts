/** What is learned about a data set's columns while its rows pass by: their names, a mapping, and what looks wrong. */
import type { RowMapping } from '../../../shared/contract'
import { badData } from './formats/source'
import { detectMapping } from './mapping'
import type { Row } from './rows'

const sampleRows = 100
const mostColumns = 1000

export class ColumnSurvey {
  rows = 0
  /** How many rows have a value in each column. */
  private readonly filled = new Map<string, number>()
  private readonly sample: Row[] = []

  constructor(private readonly file: string) {}

  /** @throws EngineError `bad_data` where the keys of the rows cannot be columns */
  see(row: Row, line: number): void {
    this.rows++
    if (this.sample.length < sampleRows) this.sample.push(row)
    for (const [name, value] of Object.entries(row)) {
      const filled = this.filled.get(name) ?? this.begin(line)
      this.filled.set(name, filled + (isEmpty(value) ? 0 : 1))
    }
  }

  private begin(line: number): number {
    if (this.filled.size === mostColumns)
      throw badData(
        `Line ${line} of ${this.file} adds a column after ${mostColumns} others. Rows should share their keys, like {"text": "…"}.`,
      )
    return 0
  }

  result(): { rows: number; columns: string[]; mapping: RowMapping; problems: string[] } {
    const columns = [...this.filled.keys()]
    if (columns.length === 0) throw badData(`The rows of ${this.file} are all empty objects.`)
    const mapping = detectMapping(columns, this.sample)
    return { rows: this.rows, columns, mapping, problems: this.problems(mapping) }
  }

  /** About the columns that the mapping uses. An input may be empty. */
  private problems({ kind, ...used }: RowMapping): string[] {
    const columns = Object.entries(used).flatMap(([part, column]) => (part === 'input' || !column ? [] : [column]))
    return columns.flatMap((column) => {
      const empty = this.rows - this.filled.get(column)!
      if (empty === 0) return []
      return [`${empty === 1 ? '1 row has' : `${empty} rows have`} nothing in the column "${column}".`]
    })
  }
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '')
