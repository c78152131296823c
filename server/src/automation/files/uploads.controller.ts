import { Body, Controller, Post } from '@nestjs/common';
import { CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { AcceptsFiles } from '../../platform/http/accepts-files.js';
import { answers } from '../../platform/http/answers.js';
import { invalid } from '../../platform/http/problem.js';
import { UploadedFile, UploadFile } from './action-file.dto.js';
import { ActionFilesRepository } from './action-files.repository.js';
import { ActionFiles } from './action-files.service.js';

/** Files for macros and rules, sent before the macro that names them is saved. */
@Controller('api/v1/accounts/:account_id/upload')
@MemberOnly()
export class UploadsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly repository: ActionFilesRepository, private readonly files: ActionFiles) {}

  /** What no macro or rule has named within a day is removed again. */
  @Post()
  @AcceptsFiles(1)
  @answers(UploadedFile)
  take(@CurrentMember() me: Member, @Body({ schema: UploadFile }) { attachment }: UploadFile): Promise<UploadedFile> {
    if (!attachment) throw invalid('attachment', 'is missing');
    return this.unitOfWork.run(me.accountId, async (tx) => this.files.present(await this.repository.insert(tx, attachment)));
  }
}
