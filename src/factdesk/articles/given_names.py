"""Given names that tell a woman from a man often enough to choose between two people whom "she" or "he" may mean."""

_WOMEN = """
abigail ada alice amanda amy angela ann anna anne annie barbara beth betty brenda carly carol caroline catherine
charlotte cheryl christine cindy claire cynthia dana deborah debbie diana diane donna dorothy elena
elizabeth ellen emily emma erin eva florence giorgia gina hannah heidi helen hillary huma ivanka jane janet
jean jennifer jessica jill joan joni judith judy julia julie karen kate kathleen katie kellyanne kelly kim
kristen laura lauren leah linda lisa liz loretta lucy margaret maria marie marine mary megan melania melissa
melinda michelle molly monica nancy natalie nicole nikki nina olivia pamela patricia penny rachel rebecca
robin rosa ruth samantha sandra sarah sharon sheila sofia sonia sophie stephanie susan suzanne tammy teresa
theresa tina ursula valerie victoria virginia wendy
"""
_MEN = """
aaron adam al alan albert alex alexander andrew andy anthony antonio barack ben benjamin bernie bill bob
boris brad brian bruce carl carlos charles chris christopher chuck craig dan daniel dave david dean dennis
dick dmitry donald doug douglas edward emmanuel eric ernest francis frank fred gary gavin geoffrey george
gerald glenn greg harry henry howard ian jack jacob jake james jason jeb jeff jeffrey jens jim jimmy joe
joel john jonas jonathan jose joseph josh juan justin keir keith ken kenneth kevin larry lawrence lee
leonard lindsey louis luis marco mark martin matt matthew max michael mike mitch mitt narendra nathan neil
nick nicolas nigel olaf patrick paul pete peter phil philip rand randy ray reince richard rick rishi rob
robert roger ron ronald roy rudy russell ryan sam samuel scott sean sergei sergey simon stephen steve steven
stuart ted terry thomas tim timothy todd tom tony vladimir volodymyr walter wayne will william xavier
"""
WOMEN, MEN = frozenset(_WOMEN.split()), frozenset(_MEN.split())
SHE_TITLES = frozenset(
    ["mrs", "ms", "miss", "dame", "lady", "madam", "queen", "spokeswoman", "congresswoman", "chairwoman"]
)
HE_TITLES = frozenset(["mr", "sir", "lord", "king", "spokesman", "congressman", "chairman", "pope"])
