import { Injectable } from '@nestjs/common';
import { extname } from 'node:path';
import { FileAddresses } from '../../platform/storage/file-addresses.js';
import { FILE_TYPES, type Attachment } from './attachment.dto.js';
import type { AttachmentRow } from './attachments.repository.js';

/** Shows attachments, each with addresses that work for a while. */
@Injectable()
export class AttachmentPresenter {
  constructor(private readonly addresses: FileAddresses) {}

  present(row: AttachmentRow): Attachment {
    const fileName = row.file_name ?? 'file';
    const address = (storageKey: string, contentType: string): string =>
      this.addresses.url({ accountId: row.account_id, storageKey, fileName, contentType });
    return {
      id: row.id, message_id: row.message_id, account_id: row.account_id, file_type: FILE_TYPES[row.file_type] ?? 'file',
      extension: extname(fileName).slice(1).toLowerCase() || null, content_type: row.content_type, file_name: row.file_name,
      data_url: row.storage_key ? address(row.storage_key, row.content_type ?? 'application/octet-stream') : '',
      thumb_url: row.thumbnail_key ? address(row.thumbnail_key, 'image/webp') : '',
      file_size: row.file_size, width: row.width, height: row.height,
    };
  }
}
