import { Place } from '../../components/place'
export function DatasetPlace() {
  return <Place title="Dataset">…</Place>
}
