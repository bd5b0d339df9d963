import type { UploadedFile } from '../operation/fields.js'

/** File name endings that WeChat expects where they differ from the MIME subtype. */
const ENDINGS: Readonly<Record<string, string>> = { jpeg: 'jpg', mpeg: 'mp3' }

/**
 * A `multipart/form-data` body. WeChat takes a part for a file only when it has a file name with an ending, and answers
 * 41005 otherwise; it wants the length in advance, so nothing is streamed.
 */
export function multipart(
  fields: Readonly<Record<string, UploadedFile | string>>,
  boundary: string,
): { contentType: string; bytes: Buffer } {
  const parts = Object.entries(fields).flatMap(([name, content]) => [
    Buffer.from(`--${boundary}\r\n${head(name, content)}\r\n\r\n`),
    typeof content === 'string' ? Buffer.from(content) : content.value,
    Buffer.from('\r\n'),
  ])
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  }
}

function head(name: string, content: UploadedFile | string): string {
  const disposition = `Content-Disposition: form-data; name="${name}"`
  if (typeof content === 'string') return disposition
  const subtype = content.contentType.split('/')[1] ?? 'bin'
  const fileName = `${name}.${ENDINGS[subtype] ?? subtype}`
  return `${disposition}; filename="${fileName}"\r\nContent-Type: ${content.contentType}`
}
