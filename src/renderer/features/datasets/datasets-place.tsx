import { Place } from '../../components/place'
export function DatasetsPlace() {
  return <Place title="Datasets">…</Place>
}
