/** A file already stored (encrypted) and not yet claimed by a message. Unclaimed ones are swept after a day. */
export interface StagedFile {
  storageKey: string;
  fileName: string;
  /** By its first bytes, not by what the sender said. */
  contentType: string;
  size: number;
  width?: number;
  height?: number;
  thumbnailKey?: string;
}
