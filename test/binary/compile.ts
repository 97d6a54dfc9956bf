import { compilePrograms } from '../../packaging/compile.ts'
import { ownTarget, targetNamed } from '../../packaging/targets.ts'

/** The programs under test: the one for this machine, and those for Linux, which are looked at everywhere. */
export default function compile(): Promise<void> {
  return compilePrograms([...new Set([ownTarget(), targetNamed('linux/amd64'), targetNamed('linux/arm64')])])
}
