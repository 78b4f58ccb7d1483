import sys
from tests.end_to_end.program import department, program
from tests.end_to_end.hostile import *
from tests.end_to_end import hostile_books
def test_look(sqlite_url):
    import os
    w = hostile_books.busy(sqlite_url)
    poison(w, WORSE)
    for login, steps in eval(open("/tmp/e2_steps").read()):
        with program(sqlite_url, login) as t:
            t.settle(1.5)
            print("=== start", login); print(t.text)
            for keys in steps:
                for k in ([keys] if isinstance(keys,str) else keys): t.press(k) if len(k)==1 or not k.startswith("#") else t.feed(k[1:])
                t.settle(0.5)
                print("=== ", keys); print(t.text)
                for leak in LEAKS:
                    if leak in t.raw: print("LEAK!!!", leak); 
