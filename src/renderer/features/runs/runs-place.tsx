import { Place } from '../../components/place'
export function RunsPlace() {
  return <Place title="Runs">…</Place>
}
