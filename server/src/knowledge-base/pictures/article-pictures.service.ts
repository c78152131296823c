import { Injectable } from '@nestjs/common';
import { randomToken } from '../../platform/crypto/keyring.js';
import type { AccountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { invalid } from '../../platform/http/problem.js';
import type { ReceivedImage } from '../../platform/storage/avatars.js';
import { FileStore } from '../../platform/storage/file-store.js';
import { Images } from '../../platform/storage/images.js';

const KEY = /^(\d{1,15})\/help\/([A-Za-z0-9_-]{32})$/;

/** Pictures in articles. They are read by everybody who reads the article, so their addresses never expire and stand on the page's own site. */
@Injectable()
export class ArticlePictures {
  constructor(private readonly store: FileStore, private readonly images: Images, private readonly unitOfWork: UnitOfWork) {}

  /** Stores the picture, re-encoded and without where and when it was taken. Returns the address for the text. */
  async save(accountId: AccountId, image: ReceivedImage): Promise<string> {
    const webp = await this.images.picture(image.bytes);
    if (!webp) throw invalid('picture', 'is not a picture we can read (PNG, JPEG, WebP or GIF)');
    const name = randomToken(24);
    // First that it exists: a file nobody knows of would stay for ever.
    await this.unitOfWork.run(accountId, (tx) => tx.sql('INSERT INTO article_pictures (account_id, name) VALUES ($1, $2)', [accountId, name]));
    await this.store.write(`${accountId}/help/${name}`, [webp] as unknown as AsyncIterable<Buffer>);
    return `/help-pictures/${accountId}/${name}.webp`;
  }

  /** Removing what is not there is no error. */
  remove(accountId: number, name: string): Promise<void> {
    return this.store.remove(`${accountId}/help/${name}`);
  }

  /** The picture an address names, or undefined. */
  async read(account: string, name: string): Promise<Buffer | undefined> {
    const key = `${account}/help/${name.replace(/\.webp$/, '')}`;
    return KEY.test(key) ? this.store.readAll(key) : undefined;
  }
}
