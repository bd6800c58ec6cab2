"""Pictures of a question, rough at first and finer by and by."""



from app.views.refined import Refined


def test_a_question_that_is_asked_again_is_answered_at_once():
    made = []

    def pictures(question, stop):
        for level in range(3):
            made.append((question, level))
            yield question, level

    refined = Refined(pictures)
    other = Refined(pictures, refined)
    for question in "abab":
        assert refined.of(question, whole=True) == (question, 2)
    assert len(made) == 6
    # Two that look at one thing know what either of them has found out.
    assert other.of("b", whole=False) == ("b", 2) and not other.unfinished
    other.of("c", whole=False)
    other.rest()
    assert not other.unfinished
    other.refine(lambda: False)
    assert len(made) == 6


def test_answers_to_older_questions_are_dropped_but_for_their_first_picture():
    def pictures(question, stop):
        for level in range(3):
            if stop():
                return
            yield question, level

    refined = Refined(pictures)
    assert refined.of("a", whole=False) is None and refined.unfinished
    refined.refine(lambda: False)
    assert refined.of("a", whole=False) == ("a", 0)
    refined.refine(lambda: False)
    assert refined.of("b", whole=False) == ("a", 1), "until there is one of b's own"
    refined.refine(lambda: False)
    assert refined.of("b", whole=False) == ("b", 0)
    assert refined.of("c", whole=True) == ("c", 2) and not refined.unfinished
    # Called off while it is being made, a picture is begun anew.
    refined.of("d", whole=False)
    refined.refine(lambda: True)
    assert refined.unfinished and refined.of("d", whole=True) == ("d", 2)
