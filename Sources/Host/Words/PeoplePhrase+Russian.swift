import State
import SurfaceKit

extension PeoplePhrase {
    package func russian(_ p: String) -> String {
        switch self {
        case .pairingCode(let code):
            """
            Мы ещё не знакомы. Передайте этот код тому, кто обслуживает бота: \(code)

            Код действует один час. Написанное до этого не сохраняется.
            """
        case .pairingApproved: "Доступ открыт. Пишите, и я отвечу."
        case .linkCode(let code):
            """
            В течение 10 минут напишите мне в личном чате другого мессенджера:

            \(p)link \(code)

            Никому не сообщайте этот код.
            """
        case .linkOffered(let name, let account):
            """
            Этот код ведёт к учётной записи \(name.shortened) (\(account.person.rawValue.shortened)) на \(account.surface). Если это вы, напишите \
            \(p)link yes: обе записи увидят одни и те же разговоры. Если нет, ничего не делайте.
            """
        case .linked(let name, let account):
            """
            Связано с \(name.shortened) (\(account.person.rawValue.shortened)) на \(account.surface): теперь у обеих записей одни и те же разговоры. \
            Список: \(p)contexts, отменить: \(p)unlink.
            """
        case .linkedFromElsewhere(let name, let account):
            "Связано с \(name.shortened) (\(account.person.rawValue.shortened)) на \(account.surface): теперь разговоры у обеих записей общие."
        case .linkedAlready: "Это ваш собственный код. Наберите его в личном чате со мной в другом мессенджере."
        case .linkCodeUnknown: "Код неизвестен или больше не действует. Новый даст \(p)link в другом мессенджере."
        case .linkGuessedTooOften: "Слишком много неверных кодов. Попробуйте через час."
        case .linkOnlyInPrivate: "Это работает только в личном чате со мной."
        case .nothingToLink: "Подтверждать нечего. Код для другого мессенджера даст \(p)link."
        case .unlinked: "Связь разорвана. У каждой записи остались разговоры, начатые на ней."
        case .notLinked: "Эта учётная запись ни с чем не связана. Код даст \(p)link."
        }
    }
}
