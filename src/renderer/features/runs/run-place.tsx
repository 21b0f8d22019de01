import { Place } from '../../components/place'
export function RunPlace() {
  return <Place title="Run">…</Place>
}
