import BrevisTrain
import Foundation

exit(TrainCommand.run(Array(CommandLine.arguments.dropFirst())))
