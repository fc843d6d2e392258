/// Finds few steps of a story that still end in a fault.
enum Shrink {
    /// Leaves out halves, quarters and so on, as long as something stays wrong (Zeller's delta debugging).
    static func smallest(_ story: Story, isFaulty: (Story) -> Bool) -> Story {
        var story = story
        var size = max(1, story.steps.count / 2)
        while true {
            var start = 0
            var isSmaller = false
            while start < story.steps.count {
                var shorter = story
                shorter.steps.removeSubrange(start..<min(start + size, shorter.steps.count))
                if isFaulty(shorter) {
                    story = shorter
                    isSmaller = true
                } else {
                    start += size
                }
            }
            if size == 1, !isSmaller { return story }
            size = max(1, size / 2)
        }
    }
}
