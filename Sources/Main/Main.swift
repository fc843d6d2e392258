import FoundationEssentials
import Glibc
import Commands
import Manifest

@main
enum Main {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        Program.prepare(arguments)
        let code = await Program(catalog: Catalog.surfaces, demo: Demo.run)
            .run(arguments, environment: ProcessInfo.processInfo.environment)
        exit(code.rawValue)
    }
}
