import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { kindOf } from '../../platform/storage/content-type.js';
import { FileAddresses } from '../../platform/storage/file-addresses.js';
import type { Action } from '../actions/action.dto.js';
import type { UploadedFile } from './action-file.dto.js';
import { ActionFilesRepository, type ActionFileRow } from './action-files.repository.js';

/** The files that actions name. */
export const filesNamedBy = (actions: readonly Action[]): string[] =>
  actions.filter((action) => action.action_name === 'send_attachment').flatMap((action) => action.action_params.filter((param) => typeof param === 'string'));

/** Shows the files of macros and rules, with addresses that work for a while. */
@Injectable()
export class ActionFiles {
  constructor(private readonly repository: ActionFilesRepository, private readonly addresses: FileAddresses) {}

  present(row: ActionFileRow): UploadedFile {
    const url = this.addresses.url({ accountId: row.account_id, storageKey: row.storage_key, fileName: row.file_name, contentType: row.content_type });
    return { file_url: url, blob_id: row.id, filename: row.file_name, file_type: kindOf(row.content_type), file_size: row.file_size };
  }

  /** The same things with their files beside them; those without any as they are. */
  async beside<T extends { actions: Action[] }>(tx: Tx, things: readonly T[]): Promise<(T & { files?: UploadedFile[] })[]> {
    const rows = await this.repository.find(tx, [...new Set(things.flatMap((thing) => filesNamedBy(thing.actions)))]);
    return things.map((thing) => {
      const named = filesNamedBy(thing.actions);
      return named.length === 0 ? thing : { ...thing, files: rows.filter((row) => named.includes(row.id)).map((row) => this.present(row)) };
    });
  }
}
