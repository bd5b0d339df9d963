/** What is asked of a provider's bills, and what comes. */

export interface BillRequest {
  appId?: string
  /** `yyyyMMdd`. */
  billDate: string
  billType?: string
}

export interface BillFileRequest {
  /** `yyyyMMdd`. */
  billDate: string
  /** All trades, or all that moved on the account. */
  kind: 'trade' | 'fundflow'
}

/** A bill as it came. */
export interface RawBill {
  file: Buffer
  /** Hex SHA-1 of the file or of what it unpacks to, as a signed answer announced it; absent where nothing vouches. */
  sha1?: string
}

export interface FundflowRequest {
  appId?: string
  /** `yyyyMMdd`. */
  billDate: string
  accountType?: string
}

export interface Bill {
  content: string
  /** All files, where the provider packs several together. */
  files?: BillFile[]
}

export interface BillFile {
  name: string
  content: string
}
