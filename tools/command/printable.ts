/*
 * What commands print comes from bills, from notices and from other people's functions, and a terminal obeys some of it:
 * a character that nobody sees can clear the screen, rename the window, or turn the order of what is read. Colours of
 * our own are put around such a text afterwards.
 */

/** Characters that a terminal acts upon or hides: control characters but the tab, and those that change the direction of text. */
const UNSEEN = /[^\P{Cc}\t]|[\p{Cf}\u2028\u2029]/gu

const escaped = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`

/** The text in one line, with whatever nobody would see written out. */
export const printable = (text: string): string => text.replace(UNSEEN, escaped)

/** The value as JSON that says the same: of a character that takes two units, each is written out. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value).replace(UNSEEN, (found) =>
    Array.from({ length: found.length }, (_, at) => escaped(found.charAt(at))).join(''),
  )
