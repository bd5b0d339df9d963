/** Finds what XML 1.0 has no way to write: most control characters, and half of a surrogate pair. */
export const FORBIDDEN = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/** A text, or a use of it, that is not the one kind of document handled here. Never repeats what the text holds. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}
