import { Injectable } from '@nestjs/common';
import type { Member } from '../../identity/access/principal.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { notFound } from '../../platform/http/problem.js';
import { PortalsRepository, type PortalRow } from './portals.repository.js';

/** Work on what is in one help centre of the account. */
@Injectable()
export class InPortal {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly portals: PortalsRepository) {}

  /** Throws 404 when the account has no help centre at this address. */
  run<T>(me: Member, slug: string, work: (tx: Tx, portal: PortalRow) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const portal = slug.includes('\u0000') ? undefined : await this.portals.find(tx, slug);
      if (!portal) throw notFound();
      return work(tx, portal);
    });
  }
}
