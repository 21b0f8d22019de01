/** Draws a chart of the page into a PNG: the SVG with its computed styles, on the page's own ground. */
import { downloadBlob } from './download'

/** Properties that style sheets give and a detached SVG would lose. */
const carried = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'stroke-opacity',
  'font-size',
  'font-family',
  'font-weight',
  'text-anchor',
] as const

/** Height of the line above the chart that names it, in CSS pixels. */
const headline = 34

/** @throws Error where the browser cannot draw the image. */
export async function saveChartAsPng(svg: SVGSVGElement, title: string, name: string, scale = 2): Promise<void> {
  const { width, height } = svg.getBoundingClientRect()
  const image = await loaded(serialized(svg, width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round((height + headline) * scale)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This window cannot draw images.')
  const style = getComputedStyle(document.body)
  context.scale(scale, scale)
  context.fillStyle = style.getPropertyValue('--surface').trim() || '#ffffff'
  context.fillRect(0, 0, width, height + headline)
  context.fillStyle = style.getPropertyValue('--ink').trim() || '#000000'
  context.font = `600 14px ${style.fontFamily}`
  context.fillText(title, 14, 23)
  context.drawImage(image, 0, headline, width, height)
  downloadBlob(await pngOf(canvas), name)
}

function serialized(svg: SVGSVGElement, width: number, height: number): string {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const sources = [svg, ...svg.querySelectorAll<SVGElement>('*')]
  const targets = [copy, ...copy.querySelectorAll<SVGElement>('*')]
  for (const [i, source] of sources.entries()) {
    const style = getComputedStyle(source)
    for (const property of carried) targets[i]!.setAttribute(property, style.getPropertyValue(property))
  }
  for (const node of copy.querySelectorAll('[style]')) node.removeAttribute('style')
  copy.removeAttribute('style')
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
}

function loaded(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image()
    image.onload = () => resolve(image)
    image.onerror = () => reject(new Error('The chart could not be drawn as an image.'))
    image.src = address
  })
}

function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The image could not be written.'))), 'image/png'),
  )
}
