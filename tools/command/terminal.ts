/** What commands show on a terminal and leave out in a log. */

/** Whether a text may have colours there: on a terminal, unless somebody asked for none (https://no-color.org). */
export function takesColours({ isTTY }: NodeJS.WriteStream): boolean {
  const { NO_COLOR, TERM } = process.env
  return isTTY === true && !NO_COLOR && TERM !== 'dumb'
}

const BAR = 30

/** A bar that fills, gone in the end; what is done in one step shows none. In a log only the text, once. */
export function progressBar(stream: NodeJS.WriteStream, text = '') {
  if (!stream.isTTY && text !== '') stream.write(`${text}\n`)
  return {
    step(done: number, all: number) {
      if (!stream.isTTY || all < 2) return
      const full = Math.round((BAR * done) / all)
      stream.write(`\r[${'='.repeat(full)}${' '.repeat(BAR - full)}] ${done}/${all} ${text}`.trimEnd())
    },
    end() {
      if (stream.isTTY) stream.write('\r\u001b[K')
    },
  }
}
