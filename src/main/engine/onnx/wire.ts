/**
 * Writes Protocol Buffers' wire format, as much of it as an ONNX model needs: varints, 32-bit floats and
 * length-delimited fields. Source: the Protocol Buffers encoding specification.
 */
const encoder = new TextEncoder()

export class WireWriter {
  private bytes = new Uint8Array(1024)
  private length = 0

  /** Field of an integer; negative values take ten bytes, as two's complement of 64 bits. */
  integer(field: number, value: number | bigint): this {
    this.varint(BigInt(field << 3))
    this.varint(BigInt.asUintN(64, BigInt(value)))
    return this
  }

  /** Field of a 32-bit float. */
  float(field: number, value: number): this {
    this.varint(BigInt((field << 3) | 5))
    this.reserve(4)
    new DataView(this.bytes.buffer).setFloat32(this.length, value, true)
    this.length += 4
    return this
  }

  text(field: number, value: string): this {
    return this.blob(field, encoder.encode(value))
  }

  blob(field: number, value: Uint8Array): this {
    this.varint(BigInt((field << 3) | 2))
    this.varint(BigInt(value.length))
    this.reserve(value.length)
    this.bytes.set(value, this.length)
    this.length += value.length
    return this
  }

  /** Field of a nested message. */
  message(field: number, write: (writer: WireWriter) => void): this {
    const nested = new WireWriter()
    write(nested)
    return this.blob(field, nested.finish())
  }

  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  private varint(value: bigint) {
    this.reserve(10)
    let rest = value
    while (rest > 127n) {
      this.bytes[this.length++] = Number(rest & 127n) | 128
      rest >>= 7n
    }
    this.bytes[this.length++] = Number(rest)
  }

  private reserve(extra: number) {
    if (this.length + extra <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + extra))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }
}
