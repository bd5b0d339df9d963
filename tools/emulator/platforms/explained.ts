/**
 * A sentence for what a person who starts something here can meet; everything else as it is. `variables` are those of
 * the environment that say where it listens.
 */
export function explained(error: unknown, variables: string): string {
  const { code, port, message } = error as { code?: string; port?: number; message?: string }
  if (code !== 'EADDRINUSE') return message ?? String(error)
  return `port ${port} is taken: set ${variables} to others, or end whatever listens there`
}
